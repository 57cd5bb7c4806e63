#include "core/explain/quoted_answer.h"

#include <algorithm>
#include <array>
#include <string>

namespace maildoctor::explain {
namespace {

constexpr std::size_t reach = 8192;
constexpr std::size_t longest = 300;

/// Ends of the sentences that introduce an answer, in small letters of ASCII.
constexpr std::array<std::string_view, 22> introductions = {"server responded:",
                                                            "responded:",
                                                            "server response:",
                                                            "response was:",
                                                            "server said:",
                                                            "server says:",
                                                            "server replied:",
                                                            "remote server returned",
                                                            "server error encountered was:",
                                                            "server antwortete:",
                                                            "antwortete:",
                                                            "antwort des servers:",
                                                            "serverantwort:",
                                                            "ponse du serveur",
                                                            " a r\xC3\xA9pondu",
                                                            "ha risposto",
                                                            "risposta del server",
                                                            "servidor respondi\xC3\xB3",
                                                            "respuesta del servidor",
                                                            "resposta do servidor",
                                                            "antwoordde:",
                                                            "reactie van server"};

char small(char c) noexcept {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}

}  // namespace

TextPart trimmed(std::string_view text) {
    const std::size_t begin = text.find_first_not_of(" \t\r\n");
    if (begin == std::string_view::npos) return {};
    return {.begin = begin, .end = text.find_last_not_of(" \t\r\n") + 1};
}

TextPart quoted_answer(std::string_view text) {
    std::string front(text.substr(0, reach));
    std::ranges::transform(front, front.begin(), small);
    std::size_t begin = std::string::npos;
    for (const std::string_view introduction : introductions) {
        const std::size_t at = front.find(introduction);
        if (at != std::string::npos) begin = std::min(begin, at + introduction.size());
    }
    if (begin == std::string::npos) return {};
    begin = front.find_first_not_of(" :'\"\t\r\n", begin);
    if (begin == std::string::npos) return {};
    const std::size_t limit = std::min(front.size(), begin + longest);
    std::size_t end = begin;
    while (end < limit && front[end] != '\n' &&
           !(front[end] == '\'' && end + 1 < limit && front[end + 1] == ','))
        ++end;
    return {.begin = begin, .end = end};
}

}  // namespace maildoctor::explain
