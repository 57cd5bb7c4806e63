#include "core/knowledge/words.h"

#include <algorithm>
#include <array>

#include "core/model/ascii.h"

namespace maildoctor::knowledge {
namespace {

char base_letter(std::uint32_t point) noexcept {
    if (point >= 0xC0 && point <= 0xFF) {
        static constexpr std::string_view row =
            "aaaaaaaceeeeiiiidnooooo ouuuuytsaaaaaaaceeeeiiiidnooooo ouuuuyty";
        return row[point - 0xC0];
    }
    if (point >= 0x100 && point <= 0x17F) {
        static constexpr std::string_view row =
            "aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiiiiijjkkklllllll"
            "lllnnnnnnnnnoooooooorrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs";
        return row[point - 0x100];
    }
    return 0;
}

struct Decoded {
    std::uint32_t point;
    std::size_t size;
};

/// One code point; size 1 and point 0xFFFD for what is not UTF-8.
Decoded decode(std::string_view text, std::size_t at) noexcept {
    const auto byte = [&](std::size_t i) {
        return static_cast<std::uint32_t>(static_cast<unsigned char>(text[i]));
    };
    const std::uint32_t first = byte(at);
    if (first < 0x80) return {first, 1};
    const std::size_t size = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : first >= 0xC2 ? 2 : 1;
    if (size == 1 || at + size > text.size()) return {0xFFFD, 1};
    std::uint32_t point = first & (0xFFU >> (size + 1));
    for (std::size_t i = 1; i < size; ++i) {
        if ((byte(at + i) & 0xC0U) != 0x80U) return {0xFFFD, 1};
        point = (point << 6) | (byte(at + i) & 0x3FU);
    }
    return {point, size};
}

bool is_ideograph(std::uint32_t point) noexcept {
    return (point >= 0x3040 && point <= 0x30FF) || (point >= 0x3400 && point <= 0x9FFF) ||
           (point >= 0xAC00 && point <= 0xD7A3);
}

bool is_separator(std::uint32_t point) noexcept {
    return point < 0xC0 || point == 0xFFFD || (point >= 0x2000 && point <= 0x2BFF) ||
           (point >= 0x3000 && point <= 0x303F) || (point >= 0xFF00 && point <= 0xFF0F) ||
           (point >= 0xFF1A && point <= 0xFF20) || point == 0xFEFF;
}

struct Contraction {
    std::string_view written;
    std::string_view meant;  ///< followed by "not"
};
constexpr std::array<Contraction, 16> contractions = {{{"cant", "can"},
                                                       {"cannot", "can"},
                                                       {"wont", "will"},
                                                       {"dont", "do"},
                                                       {"doesnt", "does"},
                                                       {"didnt", "did"},
                                                       {"isnt", "is"},
                                                       {"arent", "are"},
                                                       {"couldnt", "could"},
                                                       {"wouldnt", "would"},
                                                       {"wasnt", "was"},
                                                       {"werent", "were"},
                                                       {"hasnt", "has"},
                                                       {"havent", "have"},
                                                       {"shouldnt", "should"},
                                                       {"canot", "can"}}};

constexpr bool is_local_part(char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '_' || c == '-' || c == '+' || c == '%' || c == '=' || c == '*';
}
constexpr bool is_domain(char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '-' || c == '*';
}

}  // namespace

CharClass fold_char(std::string_view text, std::size_t& at, std::string& out) {
    const char c = text[at];
    if (static_cast<unsigned char>(c) < 0x80) {
        ++at;
        if (c >= 'a' && c <= 'z') return out += c, CharClass::letter;
        if (c >= 'A' && c <= 'Z') return out += static_cast<char>(c + 32), CharClass::letter;
        if (is_digit(c)) return out += c, CharClass::digit;
        if (c == '_') return out += c, CharClass::letter;
        if (c == '\'' || c == '`') return CharClass::apostrophe;
        return CharClass::separator;
    }
    const Decoded decoded = decode(text, at);
    at += decoded.size;
    const std::uint32_t point = decoded.point;
    if (point == 0xD7) return out += 'x', CharClass::letter;  // "0×800CCC0D", as web pages print it
    if (point == 0xDF) return out += "ss", CharClass::letter;
    if (point == 0xE6 || point == 0xC6) return out += "ae", CharClass::letter;
    if (point == 0x153 || point == 0x152) return out += "oe", CharClass::letter;
    if (const char base = base_letter(point); base > ' ') return out += base, CharClass::letter;
    if (point == 0x2018 || point == 0x2019 || point == 0x2032 || point == 0xB4) return CharClass::apostrophe;
    if (is_separator(point)) return CharClass::separator;
    if (point >= 0xFF10 && point <= 0xFF19)
        return out += static_cast<char>('0' + (point - 0xFF10)), CharClass::digit;
    if (point >= 0x410 && point <= 0x42F) {  // Cyrillic capitals: their small letters are 32 further
        const std::uint32_t small = point + 32;
        out += static_cast<char>(0xC0U | (small >> 6));
        out += static_cast<char>(0x80U | (small & 0x3FU));
        return CharClass::letter;
    }
    out.append(text.substr(at - decoded.size, decoded.size));
    return is_ideograph(point) ? CharClass::ideograph : CharClass::letter;
}

std::optional<Word> WordReader::next() {
    if (not_follows_) {
        not_follows_ = false;
        folded_ = "not";
        return Word{.hash = hash_of(folded_), .begin = not_begin_, .end = not_end_};
    }
    while (at_ < text_.size()) {
        const std::size_t start = at_;
        folded_.clear();
        std::size_t probe = at_;
        const CharClass first = fold_char(text_, probe, folded_);
        if (first == CharClass::separator || first == CharClass::apostrophe) {
            at_ = probe;
            continue;
        }
        Word word{.begin = static_cast<std::uint32_t>(start)};
        if (first == CharClass::ideograph) {
            at_ = probe;
            word.end = static_cast<std::uint32_t>(at_);
            word.hash = hash_of(folded_);
            return word;
        }
        if (!read_address(word)) read_plain(word);
        return word;
    }
    return std::nullopt;
}

bool WordReader::read_address(Word& word) {
    constexpr std::size_t longest_local = 64;  // RFC 5321 section 4.5.3.1.1; also keeps the look-ahead linear
    std::size_t at = at_;
    const std::size_t limit = std::min(text_.size(), at_ + longest_local + 1);
    while (at < limit && is_local_part(text_[at]))
        ++at;
    if (at >= limit || text_[at] != '@' || at + 1 >= text_.size() || !is_domain(text_[at + 1])) return false;
    ++at;
    const std::size_t domain_limit = std::min(text_.size(), at + 255);
    while (at < domain_limit && is_domain(text_[at]))
        ++at;
    while (text_[at - 1] == '.' || text_[at - 1] == '-')
        --at;
    word.kind = WordKind::address;
    word.end = static_cast<std::uint32_t>(at);
    at_ = at;
    folded_ = "@";
    word.hash = hash_of(folded_);
    return true;
}

void WordReader::read_plain(Word& word) {
    folded_.clear();
    bool digits_only = true;
    CharClass last = CharClass::separator;
    while (at_ < text_.size()) {
        std::size_t probe = at_;
        const std::size_t kept = folded_.size();
        const CharClass here = fold_char(text_, probe, folded_);
        if (here == CharClass::letter || here == CharClass::digit) {
            digits_only = digits_only && here == CharClass::digit;
            at_ = probe;
            last = here;
            if (folded_.size() > max_word + 8)
                folded_.resize(max_word + 1);  // too long for any rule: kept as "too long"
            continue;
        }
        folded_.resize(kept);
        if (text_[at_] == '.' && last == CharClass::digit && digits_only && at_ + 1 < text_.size() &&
            is_digit(text_[at_ + 1])) {
            folded_ += '.';
            ++at_;
            continue;
        }
        if (here == CharClass::apostrophe && probe < text_.size() &&
            (text_[probe] == 't' || text_[probe] == 'T') && folded_.ends_with('n') && folded_.size() > 1) {
            std::string after;
            std::size_t beyond = probe + 1;
            if (beyond >= text_.size() || fold_char(text_, beyond, after) >= CharClass::ideograph ||
                after.empty()) {
                not_begin_ = static_cast<std::uint32_t>(at_ - 1);
                at_ = probe + 1;
                not_end_ = static_cast<std::uint32_t>(at_);
                folded_.pop_back();
                if (folded_ == "ca") folded_ = "can";
                if (folded_ == "wo") folded_ = "will";
                not_follows_ = true;
            }
        }
        if (folded_ == "e" && text_[at_] == '-' && text_.size() - at_ > 4) {  // "e-mail"
            std::string following;
            std::size_t beyond = at_ + 1;
            for (int i = 0; i < 4 && beyond < text_.size(); ++i)
                static_cast<void>(fold_char(text_, beyond, following));
            if (following == "mail") {
                ++at_;
                continue;
            }
        }
        break;
    }
    word.end = static_cast<std::uint32_t>(at_);
    word.kind = digits_only ? WordKind::number : WordKind::plain;
    settle(word);
}

void WordReader::settle(Word& word) {
    if (!not_follows_ && folded_.ends_with('t')) {
        const auto* const found =
            std::ranges::find(contractions, std::string_view(folded_), &Contraction::written);
        if (found != contractions.end() && folded_.size() >= 4) {
            folded_ = found->meant;
            not_follows_ = true;
            not_begin_ = word.begin;
            not_end_ = word.end;
        }
    }
    word.hash = hash_of(folded_);
}

std::string folded_text(std::string_view text) {
    std::string all;
    WordReader reader(text);
    while (reader.next()) {
        if (!all.empty()) all += ' ';
        all += reader.folded();
    }
    return all;
}

}  // namespace maildoctor::knowledge
