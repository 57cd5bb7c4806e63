#include "cli/json_text.h"

#include <cstdint>
#include <cstdio>

namespace maildoctor::cli {
namespace {

std::size_t sequence_size(std::string_view text, std::size_t at) {
    const auto first = static_cast<unsigned char>(text[at]);
    const std::size_t size = first < 0x80                     ? 1
                             : first >= 0xF0 && first <= 0xF4 ? 4
                             : first >= 0xE0 && first < 0xF0  ? 3
                             : first >= 0xC2 && first < 0xE0  ? 2
                                                              : 0;
    if (size == 0 || at + size > text.size()) return 0;
    for (std::size_t i = 1; i < size; ++i) {
        if ((static_cast<unsigned char>(text[at + i]) & 0xC0U) != 0x80U) return 0;
    }
    return size;
}

void append_utf8(std::string& out, std::uint32_t point) {
    if (point < 0x80) {
        out += static_cast<char>(point);
    } else if (point < 0x800) {
        out += static_cast<char>(0xC0U | (point >> 6));
        out += static_cast<char>(0x80U | (point & 0x3FU));
    } else if (point < 0x10000) {
        out += static_cast<char>(0xE0U | (point >> 12));
        out += static_cast<char>(0x80U | ((point >> 6) & 0x3FU));
        out += static_cast<char>(0x80U | (point & 0x3FU));
    } else {
        out += static_cast<char>(0xF0U | (point >> 18));
        out += static_cast<char>(0x80U | ((point >> 12) & 0x3FU));
        out += static_cast<char>(0x80U | ((point >> 6) & 0x3FU));
        out += static_cast<char>(0x80U | (point & 0x3FU));
    }
}

/// A bounded reader of the flat objects that --batch takes; a whole JSON library would cost more to load than
/// the work.
class FlatReader {
public:
    explicit FlatReader(std::string_view text) : text_(text) {}

    std::optional<std::map<std::string, std::string>> run() {
        std::map<std::string, std::string> values;
        if (!take('{')) return std::nullopt;
        if (take('}')) return values;
        do {
            std::string name;
            if (!string(name) || !take(':')) return std::nullopt;
            blanks();
            if (at_ < text_.size() && text_[at_] == '"') {
                if (!string(values[name])) return std::nullopt;
            } else if (!other(values[name])) {
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
                    append_utf8(out, point >= 0xD800 && point < 0xE000 ? 0xFFFD : point);
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

std::string json_string(std::string_view text) {
    std::string out = "\"";
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t size = sequence_size(text, at);
        const char c = text[at];
        if (size == 0) {
            out += "\xEF\xBF\xBD";
            ++at;
            continue;
        }
        if (c == '"' || c == '\\') {
            out += '\\';
            out += c;
        } else if (c == '\n') {
            out += "\\n";
        } else if (c == '\t') {
            out += "\\t";
        } else if (c == '\r') {
            out += "\\r";
        } else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) {
            char escape[8];
            std::snprintf(escape, sizeof escape, "\\u%04x",
                          static_cast<unsigned>(static_cast<unsigned char>(c)));
            out += escape;
        } else {
            out.append(text.substr(at, size));
        }
        at += size;
    }
    return out + '"';
}

std::optional<std::map<std::string, std::string>> read_flat_object(std::string_view line) {
    return FlatReader(line).run();
}

}  // namespace maildoctor::cli
