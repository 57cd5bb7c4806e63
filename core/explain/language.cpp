#include "core/explain/language.h"

#include <algorithm>
#include <array>

#include "core/knowledge/words.h"

namespace maildoctor::explain {
namespace {

struct SmallWord {
    std::string_view word;
    std::size_t language;
};

constexpr std::array<std::string_view, 7> languages = {"en", "de", "fr", "es", "it", "pt", "nl"};
constexpr std::array small_words = {
    SmallWord{"the", 0},       SmallWord{"to", 0},         SmallWord{"not", 0},   SmallWord{"and", 0},
    SmallWord{"could", 0},     SmallWord{"your", 0},       SmallWord{"is", 0},    SmallWord{"was", 0},
    SmallWord{"please", 0},    SmallWord{"server", 0},     SmallWord{"der", 1},   SmallWord{"die", 1},
    SmallWord{"das", 1},       SmallWord{"nicht", 1},      SmallWord{"und", 1},   SmallWord{"konnte", 1},
    SmallWord{"werden", 1},    SmallWord{"ist", 1},        SmallWord{"ein", 1},   SmallWord{"beim", 1},
    SmallWord{"le", 2},        SmallWord{"les", 2},        SmallWord{"est", 2},   SmallWord{"pas", 2},
    SmallWord{"serveur", 2},   SmallWord{"et", 2},         SmallWord{"une", 2},   SmallWord{"votre", 2},
    SmallWord{"du", 2},        SmallWord{"impossible", 2}, SmallWord{"el", 3},    SmallWord{"los", 3},
    SmallWord{"servidor", 3},  SmallWord{"ha", 3},         SmallWord{"puede", 3}, SmallWord{"correo", 3},
    SmallWord{"una", 3},       SmallWord{"mensaje", 3},    SmallWord{"su", 3},    SmallWord{"y", 3},
    SmallWord{"il", 4},        SmallWord{"di", 4},         SmallWord{"della", 4}, SmallWord{"non", 4},
    SmallWord{"messaggio", 4}, SmallWord{"posta", 4},      SmallWord{"che", 4},   SmallWord{"errore", 4},
    SmallWord{"per", 4},       SmallWord{"stato", 4},      SmallWord{"o", 5},     SmallWord{"nao", 5},
    SmallWord{"possivel", 5},  SmallWord{"mensagem", 5},   SmallWord{"foi", 5},   SmallWord{"erro", 5},
    SmallWord{"seu", 5},       SmallWord{"ao", 5},         SmallWord{"uma", 5},   SmallWord{"voce", 5},
    SmallWord{"het", 6},       SmallWord{"een", 6},        SmallWord{"niet", 6},  SmallWord{"bericht", 6},
    SmallWord{"kan", 6},       SmallWord{"van", 6},        SmallWord{"en", 6},    SmallWord{"geen", 6},
    SmallWord{"uw", 6},        SmallWord{"verbinding", 6}};

}  // namespace

std::string language_of(std::string_view text) {
    std::array<int, languages.size()> counts{};
    knowledge::WordReader reader(text);
    for (int seen = 0; seen < 400 && reader.next(); ++seen) {
        const auto* const found = std::ranges::find(small_words, reader.folded(), &SmallWord::word);
        if (found != small_words.end()) ++counts[found->language];
    }
    const auto* const best = std::ranges::max_element(counts);
    return *best < 2 ? std::string()
                     : std::string(languages[static_cast<std::size_t>(best - counts.begin())]);
}

}  // namespace maildoctor::explain
