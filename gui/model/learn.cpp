#include "gui/model/learn.h"

#include <algorithm>
#include <array>
#include <utility>

#include "core/knowledge/pack.h"
#include "core/knowledge/words.h"

namespace maildoctor::gui {
namespace {

constexpr std::array<std::pair<std::string_view, Picture>, 27> pictures = {{
    {"pop3", Picture::pop3},
    {"leave-copy", Picture::pop3},
    {"imap", Picture::imap},
    {"smtp", Picture::smtp},
    {"mx", Picture::smtp},
    {"bounce", Picture::smtp},
    {"incoming-server", Picture::account},
    {"outgoing-server", Picture::account},
    {"account-needs", Picture::account},
    {"mail-program", Picture::account},
    {"smtp-login", Picture::account},
    {"ssl-tls", Picture::encryption},
    {"starttls", Picture::encryption},
    {"certificate", Picture::certificate},
    {"port", Picture::ports},
    {"port-25", Picture::ports},
    {"port-110", Picture::ports},
    {"port-143", Picture::ports},
    {"port-465", Picture::ports},
    {"port-587", Picture::ports},
    {"port-993", Picture::ports},
    {"port-995", Picture::ports},
    {"relay", Picture::relay},
    {"dns", Picture::dns},
    {"domain", Picture::dns},
    {"spf", Picture::sender_check},
    {"dmarc", Picture::sender_check},
}};

}  // namespace

void LearnModel::load(Language language) {
    const knowledge::Pack& pack = knowledge::built_in();
    entries_.clear();
    for (const knowledge::GlossaryRecord& record : pack.glossary()) {
        if (pack.text(record.language) != report::tag_of(language)) continue;
        Entry entry{.id = std::string(pack.text(record.id)),
                    .title = std::string(pack.text(record.title)),
                    .text = std::string(pack.text(record.text)),
                    .see = pack.strings(record.see)};
        std::string words = entry.title;
        for (const std::string& term : pack.strings(record.terms))
            words += " " + term;
        entry.folded = knowledge::folded_text(words);
        const auto at = std::ranges::find(pictures, std::string_view(entry.id),
                                          &std::pair<std::string_view, Picture>::first);
        if (at != pictures.end()) entry.picture = at->second;
        entries_.push_back(std::move(entry));
    }
    if (entry(chosen) == nullptr) chosen = entries_.empty() ? std::string() : entries_.front().id;
}

std::vector<std::size_t> LearnModel::found() const {
    const std::string folded = knowledge::folded_text(wanted);
    std::vector<std::size_t> positions;
    for (std::size_t i = 0; i < entries_.size(); ++i)
        if (folded.empty() || entries_[i].folded.find(folded) != std::string::npos) positions.push_back(i);
    return positions;
}

const Entry* LearnModel::entry(std::string_view id) const {
    const auto at = std::ranges::find(entries_, id, &Entry::id);
    return at == entries_.end() ? nullptr : &*at;
}

}  // namespace maildoctor::gui
