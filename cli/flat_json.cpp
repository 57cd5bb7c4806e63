#include "cli/flat_json.h"

#include <algorithm>
#include <cstdint>

#include "core/model/utf8.h"
#include "core/report/json_writer.h"

namespace maildoctor::cli {
namespace {

/// A number in the form of RFC 8259 section 6, or true, false or null.
bool is_bare_json(std::string_view text) {
    if (text == "true" || text == "false" || text == "null") return true;
    const auto digits = [&] {
        const std::size_t end = std::min(text.find_first_not_of("0123456789"), text.size());
        text.remove_prefix(end);
        return end > 0;
    };
    if (text.starts_with('-')) text.remove_prefix(1);
    const bool leading_zero = text.starts_with('0') && text.size() > 1 && text[1] >= '0' && text[1] <= '9';
    if (leading_zero || !digits()) return false;
    if (text.starts_with('.')) {
        text.remove_prefix(1);
        if (!digits()) return false;
    }
    if (text.starts_with('e') || text.starts_with('E')) {
        text.remove_prefix(1);
        if (text.starts_with('+') || text.starts_with('-')) text.remove_prefix(1);
        if (!digits()) return false;
    }
    return text.empty();
}

/// A bounded reader of the flat objects that --batch takes; a whole JSON library would cost more to load than
/// the work.
class FlatReader {
public:
    explicit FlatReader(std::string_view text) : text_(text) {}

    std::optional<std::map<std::string, FlatValue, std::less<>>> run() {
        std::map<std::string, FlatValue, std::less<>> values;
        if (!take('{')) return std::nullopt;
        if (take('}')) return values;
        do {
            std::string name;
            if (!string(name) || !take(':')) return std::nullopt;
            blanks();
            if (at_ < text_.size() && text_[at_] == '"') {
                values[name].quoted = true;
                if (!string(values[name].text)) return std::nullopt;
            } else if (!other(values[name].text)) {
                return std::nullopt;
            }
        } while (take(','));
        if (!take('}')) return std::nullopt;
        return values;
    }

private:
    void blanks() {
        while (at_ < text_.size() &&
               (text_[at_] == ' ' || text_[at_] == '\t' || text_[at_] == '\r' || text_[at_] == '\n'))
            ++at_;
    }
    bool take(char c) {
        blanks();
        if (at_ >= text_.size() || text_[at_] != c) return false;
        ++at_;
        return true;
    }
    bool hex4(std::uint32_t& value) {
        if (text_.size() - at_ < 4) return false;
        value = 0;
        for (int i = 0; i < 4; ++i) {
            const char c = text_[at_++];
            const std::uint32_t digit = c >= '0' && c <= '9'   ? static_cast<std::uint32_t>(c - '0')
                                        : c >= 'a' && c <= 'f' ? static_cast<std::uint32_t>(c - 'a' + 10)
                                        : c >= 'A' && c <= 'F' ? static_cast<std::uint32_t>(c - 'A' + 10)
                                                               : 16U;
            if (digit > 15) return false;
            value = value * 16 + digit;
        }
        return true;
    }
    bool string(std::string& out) {
        out.clear();
        if (!take('"')) return false;
        while (at_ < text_.size()) {
            const char c = text_[at_++];
            if (c == '"') return true;
            if (c != '\\') {
                out += c;
                continue;
            }
            if (at_ >= text_.size()) return false;
            switch (const char escaped = text_[at_++]) {
                case 'n':
                    out += '\n';
                    break;
                case 't':
                    out += '\t';
                    break;
                case 'r':
                    out += '\r';
                    break;
                case 'b':
                    out += '\b';
                    break;
                case 'f':
                    out += '\f';
                    break;
                case 'u': {
                    std::uint32_t point = 0;
                    if (!hex4(point)) return false;
                    if (point >= 0xD800 && point < 0xDC00 && text_.substr(at_, 2) == "\\u") {
                        at_ += 2;
                        std::uint32_t low = 0;
                        if (!hex4(low)) return false;
                        point = low >= 0xDC00 && low < 0xE000
                                    ? 0x10000 + ((point - 0xD800) << 10) + (low - 0xDC00)
                                    : 0xFFFD;
                    }
                    append_utf8(out, point);
                    break;
                }
                default:
                    out += escaped;
            }
        }
        return false;
    }
    /// Numbers and words as they stand; nested values are skipped.
    bool other(std::string& out) {
        int depth = 0;
        while (at_ < text_.size()) {
            const char c = text_[at_];
            if (depth == 0 && (c == ',' || c == '}')) break;
            if (c == '"') {
                std::string skipped;
                if (!string(skipped)) return false;
                continue;
            }
            if (c == '{' || c == '[') ++depth;
            if (c == '}' || c == ']') --depth;
            if (depth == 0 && c != ' ') out += c;
            ++at_;
        }
        return true;
    }

    std::string_view text_;
    std::size_t at_{0};
};

}  // namespace

std::string FlatValue::json() const {
    if (!quoted && is_bare_json(text)) return text;
    return report::JsonWriter().text(text).take();
}

std::optional<std::map<std::string, FlatValue, std::less<>>> read_flat_object(std::string_view line) {
    return FlatReader(line).run();
}

}  // namespace maildoctor::cli
