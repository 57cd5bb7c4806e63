#include "core/explain/function_words.h"

#include <algorithm>
#include <array>

namespace maildoctor::explain {
namespace {

// In the order of std::string_view, for the search.
constexpr std::array<std::string_view, 399> function_words = {
    "a",     "aan",    "aber",   "about",  "ad",     "after",  "ai",     "al",     "algo",   "all",
    "alla",  "alle",   "als",    "also",   "am",     "an",     "anche",  "and",    "any",    "ao",
    "aos",   "are",    "as",     "at",     "au",     "auch",   "auf",    "aus",    "aux",    "avec",
    "be",    "been",   "bei",    "beim",   "being",  "bij",    "bin",    "bis",    "but",    "by",
    "c",     "can",    "ce",     "cela",   "ces",    "cette",  "che",    "chi",    "ci",     "com",
    "come",  "como",   "con",    "could",  "cual",   "cuando", "cui",    "d",      "da",     "dal",
    "dalla", "dan",    "dann",   "dans",   "das",    "dass",   "dat",    "de",     "degli",  "dei",
    "del",   "della",  "delle",  "dem",    "den",    "der",    "des",    "desde",  "deze",   "di",
    "did",   "die",    "dies",   "diese",  "dieser", "dit",    "do",     "doch",   "does",   "donc",
    "donde", "dos",    "du",     "e",      "ed",     "een",    "ein",    "eine",   "einem",  "einen",
    "einer", "el",     "ela",    "ele",    "ella",   "elle",   "em",     "en",     "entre",  "er",
    "era",   "es",     "esa",    "ese",    "essa",   "esse",   "est",    "esta",   "estan",  "estava",
    "este",  "esto",   "et",     "eu",     "fa",     "foi",    "for",    "from",   "fur",    "get",
    "gets",  "gli",    "got",    "ha",     "habe",   "haben",  "had",    "han",    "has",    "hat",
    "have",  "hay",    "he",     "heb",    "hebben", "heeft",  "her",    "here",   "het",    "hier",
    "hij",   "hinter", "his",    "ho",     "hoe",    "how",    "i",      "ich",    "if",     "ihr",
    "ik",    "il",     "ils",    "im",     "immer",  "in",     "ins",    "into",   "io",     "is",
    "isso",  "ist",    "it",     "its",    "j",      "ja",     "je",     "jetzt",  "just",   "kan",
    "kann",  "l",      "la",     "las",    "le",     "les",    "leur",   "lhe",    "lo",     "los",
    "lui",   "m",      "ma",     "maar",   "mais",   "mal",    "man",    "mas",    "me",     "mee",
    "mein",  "meine",  "meinem", "meinen", "meiner", "mes",    "met",    "meu",    "meus",   "mi",
    "mia",   "mich",   "mie",    "mij",    "mijn",   "minha",  "minhas", "mio",    "mir",    "mis",
    "mit",   "moi",    "mon",    "more",   "muy",    "my",     "n",      "na",     "naar",   "nach",
    "nas",   "nel",    "nella",  "noch",   "nog",    "nos",    "nous",   "now",    "nu",     "nun",
    "nur",   "o",      "ob",     "oder",   "of",     "off",    "om",     "on",     "once",   "one",
    "only",  "ook",    "op",     "or",     "os",     "ou",     "our",    "out",    "over",   "own",
    "par",   "para",   "pela",   "pelo",   "per",    "perche", "pero",   "piu",    "por",    "porque",
    "pour",  "qu",     "quand",  "quando", "que",    "quella", "quello", "questa", "questo", "qui",
    "s",     "sa",     "schon",  "se",     "sein",   "seine",  "seit",   "ser",    "ses",    "seu",
    "she",   "should", "si",     "sich",   "sie",    "since",  "sind",   "so",     "sobre",  "some",
    "son",   "sono",   "sont",   "still",  "su",     "sua",    "sul",    "suo",    "sur",    "sus",
    "t",     "te",     "tem",    "tengo",  "tenho",  "than",   "that",   "the",    "their",  "them",
    "then",  "there",  "these",  "they",   "this",   "those",  "tiene",  "to",     "todo",   "too",
    "tot",   "tout",   "tra",    "tres",   "tu",     "u",      "uber",   "uit",    "um",     "uma",
    "un",    "una",    "und",    "une",    "uno",    "uns",    "unter",  "up",     "us",     "uw",
    "van",   "very",   "voce",   "vom",    "von",    "voor",   "vor",    "vous",   "waar",   "war",
    "was",   "wat",    "we",     "wel",    "wenn",   "wer",    "werd",   "werden", "were",   "what",
    "when",  "where",  "which",  "while",  "who",    "why",    "wie",    "wij",    "will",   "wir",
    "wird",  "with",   "wo",     "wordt",  "would",  "wurde",  "y",      "ya",     "yo",     "you",
    "your",  "ze",     "zich",   "zij",    "zijn",   "zo",     "zu",     "zum",    "zur"};
static_assert(std::ranges::is_sorted(function_words));

}  // namespace

bool is_function_word(std::string_view word) noexcept {
    return std::ranges::binary_search(function_words, word);
}

}  // namespace maildoctor::explain
