// Text as a stream of words: the one reading of text that rules and pasted errors share.
//
// A word is a run of letters, digits and '_'; digits keep their inner dots ("5.7.1", "192.0.2.1"). Upper case
// and accents are folded ("Zeitüberschreitung" and "ZEITUBERSCHREITUNG" are one word), typographic quotes are
// plain ones, "can't", "cant" and "cannot" read "can not", "e-mail" reads "email", each ideograph is a word
// of its own, and an e-mail address is a single word. Punctuation and line breaks only separate, so that a
// phrase is found whatever stands between its words.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace maildoctor::knowledge {

enum class WordKind : std::uint8_t { plain, number, address };

struct Word {
    std::uint64_t hash{};          ///< of the folded word
    std::uint32_t begin{}, end{};  ///< octets of the text
    WordKind kind{WordKind::plain};
};

/// Folded words are cut at this many octets; what is longer never equals a word of a rule.
inline constexpr std::size_t max_word = 48;

/// FNV-1a, extended octet by octet, so that the hash of every prefix is a by-product.
inline constexpr std::uint64_t hash_seed = 0xcbf29ce484222325U;
constexpr std::uint64_t extend_hash(std::uint64_t hash, char octet) noexcept {
    return (hash ^ static_cast<unsigned char>(octet)) * 0x100000001b3U;
}
constexpr std::uint64_t hash_of(std::string_view text) noexcept {
    std::uint64_t hash = hash_seed;
    for (const char c : text)
        hash = extend_hash(hash, c);
    return hash;
}

/// Reads words off a UTF-8 text, in order. Invalid octets separate words. Linear in the length of the text.
class WordReader {
public:
    explicit WordReader(std::string_view text) noexcept : text_(text) {}

    /// The next word, or nothing at the end; its folded spelling is in folded() until the next call.
    std::optional<Word> next();
    std::string_view folded() const noexcept { return folded_; }

private:
    bool read_address(Word& word);
    void read_plain(Word& word);
    void settle(Word& word);

    std::string_view text_;
    std::size_t at_{0};
    std::string folded_{};
    bool not_follows_{false};  ///< "n't" was split off: the next word is "not"
    std::uint32_t not_begin_{}, not_end_{};
};

/// One character off the front of `text` at `at`, folded: its octets are appended to `out`.
/// @return whether it belongs to a word; `at` is moved behind the character in any case
enum class CharClass : std::uint8_t { separator, letter, digit, ideograph, apostrophe };
CharClass fold_char(std::string_view text, std::size_t& at, std::string& out);

/// The folded words of a text, joined by one blank: how two spellings are compared.
std::string folded_text(std::string_view text);

}  // namespace maildoctor::knowledge
