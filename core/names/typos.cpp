#include "core/names/typos.h"

#include <algorithm>
#include <array>
#include <unordered_set>

namespace maildoctor::names {
namespace {

constexpr std::string_view letters = "etaoinshrdlucmfwypvbgkjqxz0123456789-";  // English letters by frequency

/// Keys beside each letter on the QWERTY, QWERTZ and AZERTY boards.
constexpr std::array<std::string_view, 26> neighbours = {
    "qszwxy",   "vghn",    "xdfv",    "serfcx", "wsdr34", "drtgvc", "ftyhbvz",   "gyujnbz", "ujko89",
    "huikmn",   "jiolm",   "kopm",    "njkl",   "bhjm",   "iklp09", "ol0",       "wa12s",   "edft45",
    "awedxzyq", "rfgy56z", "yhji78z", "cfgb",   "qase23", "zsdcy",  "tghu67asx", "asxtuh",
};

/// Collects names in order, each once.
class Candidates {
public:
    Candidates(const HostName& name, std::size_t limit) : limit_(limit) { seen_.insert(name.text()); }
    bool full() const noexcept { return names_.size() >= limit_; }
    void add(const std::string& text) {
        if (full() || text.ends_with('.')) return;
        if (!seen_.insert(text).second) return;
        if (auto name = HostName::from(text); name && !name->is_literal()) names_.push_back(std::move(*name));
    }
    std::vector<HostName> take() { return std::move(names_); }

private:
    std::size_t limit_;
    std::unordered_set<std::string> seen_;
    std::vector<HostName> names_;
};

void exchange_neighbours(const std::string& text, Candidates& out) {
    for (std::size_t i = 0; i + 1 < text.size(); ++i) {
        std::string name = text;
        std::swap(name[i], name[i + 1]);
        out.add(name);
    }
}

void leave_out(const std::string& text, bool doubled, Candidates& out) {
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool is_doubled = i > 0 && text[i] == text[i - 1];
        if (is_doubled != doubled) continue;
        std::string name = text;
        name.erase(i, 1);
        out.add(name);
    }
}

void repeat(const std::string& text, Candidates& out) {
    for (std::size_t i = 0; i < text.size(); ++i) {
        std::string name = text;
        name.insert(i, 1, text[i]);
        out.add(name);
    }
}

void replace_by(const std::string& text, bool neighbouring_key, Candidates& out) {
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool is_letter = text[i] >= 'a' && text[i] <= 'z';
        const std::string_view near_keys =
            is_letter ? neighbours.at(static_cast<std::size_t>(text[i] - 'a')) : std::string_view{};
        if (text[i] == '.') continue;
        for (const char c : neighbouring_key ? near_keys : letters) {
            std::string name = text;
            name[i] = c;
            out.add(name);
        }
    }
}

void insert_any(const std::string& text, std::string_view octets, Candidates& out) {
    for (std::size_t i = 0; i <= text.size(); ++i) {
        for (const char c : octets) {
            std::string name = text;
            name.insert(i, 1, c);
            out.add(name);
        }
    }
}

}  // namespace

std::size_t edit_distance(std::string_view a, std::string_view b, std::size_t limit) {
    const std::size_t difference = a.size() > b.size() ? a.size() - b.size() : b.size() - a.size();
    if (difference > limit) return limit + 1;
    std::vector<std::size_t> before_last(b.size() + 1), last(b.size() + 1), row(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j)
        last[j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t change = a[i - 1] == b[j - 1] ? 0 : 1;
            row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + change});
            const bool exchanged = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
            if (exchanged) row[j] = std::min(row[j], before_last[j - 2] + 1);
        }
        std::swap(before_last, last);
        std::swap(last, row);
    }
    return std::min(last[b.size()], limit + 1);
}

std::vector<HostName> one_edit_away(const HostName& name, std::size_t limit) {
    if (name.is_literal()) return {};
    Candidates out(name, limit);
    const std::string& text = name.text();
    exchange_neighbours(text, out);
    leave_out(text, true, out);
    repeat(text, out);
    leave_out(text, false, out);
    if (!out.full()) replace_by(text, true, out);
    if (!out.full()) insert_any(text, ".", out);
    if (!out.full()) replace_by(text, false, out);
    if (!out.full()) insert_any(text, letters, out);
    return out.take();
}

std::optional<Nearest> nearest(const HostName& typed, std::span<const HostName> known) {
    constexpr std::size_t short_name = 8;
    const std::size_t limit = typed.text().size() <= short_name ? 1 : 2;
    std::optional<Nearest> best;
    for (const HostName& name : known) {
        const std::size_t distance = edit_distance(typed.text(), name.text(), best ? best->distance : limit);
        if (distance > limit || (best && distance >= best->distance)) continue;
        best.emplace(Nearest{.name = name, .distance = distance});
        if (distance == 0) break;
    }
    return best;
}

}  // namespace maildoctor::names
