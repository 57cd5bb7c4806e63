#include "core/explain/field_labels.h"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "core/knowledge/words.h"

namespace maildoctor::explain {
namespace {

struct Label {
    std::string_view words;  ///< folded, joined by blanks
    Field field;
};

constexpr std::array labels = {
    Label{"server", Field::server},
    Label{"servidor", Field::server},
    Label{"serveur", Field::server},
    Label{"host", Field::server},
    Label{"hostname", Field::server},
    Label{"host name", Field::server},
    Label{"server name", Field::server},
    Label{"servername", Field::server},
    Label{"mail server", Field::server},
    Label{"smtp server", Field::server},
    Label{"pop3 server", Field::server},
    Label{"pop server", Field::server},
    Label{"imap server", Field::server},
    Label{"outgoing server", Field::server},
    Label{"incoming server", Field::server},
    Label{"outgoing mail server", Field::server},
    Label{"incoming mail server", Field::server},
    Label{"smtp host", Field::server},
    Label{"mailserver", Field::server},
    Label{"smtp servidor", Field::server},
    Label{"server di posta", Field::server},
    Label{"posteingangsserver", Field::server},
    Label{"postausgangsserver", Field::server},
    Label{"cert list ip", Field::server},
    Label{"altnames ip", Field::server},
    Label{"altnames host", Field::server},
    Label{"account", Field::account},
    Label{"konto", Field::account},
    Label{"compte", Field::account},
    Label{"conta", Field::account},
    Label{"cuenta", Field::account},
    Label{"protocol", Field::protocol},
    Label{"protokoll", Field::protocol},
    Label{"protocole", Field::protocol},
    Label{"protocolo", Field::protocol},
    Label{"protocollo", Field::protocol},
    Label{"port", Field::port},
    Label{"puerto", Field::port},
    Label{"porta", Field::port},
    Label{"poort", Field::port},
    Label{"anschluss", Field::port},
    Label{"server port", Field::port},
    Label{"portnummer", Field::port},
    Label{"secure ssl", Field::ssl},
    Label{"secure", Field::ssl},
    Label{"sicher ssl", Field::ssl},
    Label{"sichere verbindung ssl", Field::ssl},
    Label{"sicherheit ssl", Field::ssl},
    Label{"gesichert ssl", Field::ssl},
    Label{"seguridad ssl", Field::ssl},
    Label{"seguro ssl", Field::ssl},
    Label{"segura ssl", Field::ssl},
    Label{"seguranca ssl", Field::ssl},
    Label{"protetto ssl", Field::ssl},
    Label{"protezione ssl", Field::ssl},
    Label{"protetta ssl", Field::ssl},
    Label{"securise ssl", Field::ssl},
    Label{"securisee ssl", Field::ssl},
    Label{"securite ssl", Field::ssl},
    Label{"beveiligd ssl", Field::ssl},
    Label{"beveiliging ssl", Field::ssl},
    Label{"sicura ssl", Field::ssl},
    Label{"sicuro ssl", Field::ssl},
    Label{"ssl", Field::ssl},
    Label{"sakker ssl", Field::ssl},
    Label{"sikker ssl", Field::ssl},
    Label{"server response", Field::response},
    Label{"serverantwort", Field::response},
    Label{"antwort des servers", Field::response},
    Label{"reponse du serveur", Field::response},
    Label{"respuesta del servidor", Field::response},
    Label{"resposta do servidor", Field::response},
    Label{"risposta del server", Field::response},
    Label{"reactie van server", Field::response},
    Label{"antwoord van server", Field::response},
    Label{"server responded", Field::response},
    Label{"antwoord van de server", Field::response},
    Label{"reponse serveur", Field::response},
    Label{"socket error", Field::socket_error},
    Label{"socketfehler", Field::socket_error},
    Label{"erreur de socket", Field::socket_error},
    Label{"error de socket", Field::socket_error},
    Label{"erro de soquete", Field::socket_error},
    Label{"errore socket", Field::socket_error},
    Label{"errore di socket", Field::socket_error},
    Label{"socketfout", Field::socket_error},
    Label{"erreur socket", Field::socket_error},
    Label{"erro de socket", Field::socket_error},
    Label{"server error", Field::server_error},
    Label{"serverfehler", Field::server_error},
    Label{"erreur de serveur", Field::server_error},
    Label{"erreur du serveur", Field::server_error},
    Label{"error del servidor", Field::server_error},
    Label{"erro do servidor", Field::server_error},
    Label{"errore del server", Field::server_error},
    Label{"serverfout", Field::server_error},
    Label{"error number", Field::error_number},
    Label{"fehlernummer", Field::error_number},
    Label{"numero d erreur", Field::error_number},
    Label{"numero de error", Field::error_number},
    Label{"numero de erro", Field::error_number},
    Label{"numero di errore", Field::error_number},
    Label{"foutnummer", Field::error_number},
};

/// Up to four folded words before a place, nearest last; at most `reach` octets are looked at.
std::vector<std::string> words_before(std::string_view text, std::size_t end) {
    constexpr std::size_t reach = 44;
    std::size_t from = end > reach ? end - reach : 0;
    while (from > 0 && from < end && (static_cast<unsigned char>(text[from]) & 0xC0U) == 0x80U)
        ++from;
    std::vector<std::string> words;
    knowledge::WordReader reader(text.substr(from, end - from));
    while (reader.next())
        words.emplace_back(reader.folded());
    if (words.size() > 4) words.erase(words.begin(), words.end() - 4);
    return words;
}

}  // namespace

std::optional<Field> label_before(std::string_view text, std::size_t end) {
    const auto words = words_before(text, end);
    for (std::size_t first = 0; first < words.size(); ++first) {
        std::string joined;
        for (std::size_t i = first; i < words.size(); ++i)
            joined += (i == first ? "" : " ") + words[i];
        const auto* const found = std::ranges::find(labels, std::string_view(joined), &Label::words);
        if (found != labels.end()) return found->field;
    }
    return std::nullopt;
}

}  // namespace maildoctor::explain
