#include "core/report/publication_blocks.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

namespace maildoctor::report {
namespace {

struct GermanPart {
    std::string_view id, title, where;
};

/// The titles and places of a PublicationPart in German; {0} is the domain.
constexpr std::array<GermanPart, 5> german_parts = {{
    {"dns", "DNS-Einträge",
     "Fügen Sie diese Zeilen in die Zone {0} ein; autoconfig, autodiscover und ua-auto-config brauchen "
     "außerdem "
     "Adressen."},
    {"autoconfig", "Mozilla autoconfig (Thunderbird, K-9, Delta Chat, Evolution, …)",
     "Liefern Sie die Datei über HTTPS als text/xml aus, unter "
     "https://autoconfig.{0}/mail/config-v1.1.xml und unter "
     "https://{0}/.well-known/autoconfig/mail/config-v1.1.xml."},
    {"autodiscover", "Autodiscover (Outlook)",
     "Beantworten Sie damit ein POST (und ein GET) an "
     "https://autodiscover.{0}/autodiscover/autodiscover.xml, über HTTPS, als text/xml."},
    {"mobileconfig", "Apple-Profil (Mail auf iPhone, iPad und Mac)",
     "Bieten Sie die Datei über HTTPS zum Herunterladen an, als application/x-apple-aspen-config. Das Gerät "
     "fragt nach Adresse, Benutzername und Passwort. Signieren Sie sie, wenn niemand eine Warnung sehen "
     "soll."},
    {"pacc", "PACC (Entwurf; neue Programme)",
     "Liefern Sie die Datei über HTTPS aus, Oktett für Oktett und ohne Umleitung, als application/json, "
     "unter "
     "https://ua-auto-config.{0}/.well-known/user-agent-configuration.json."},
}};

std::string introduction(const PublicationPart& part, const std::string& domain, bool german) {
    const auto found = std::ranges::find(german_parts, std::string_view(part.id), &GermanPart::id);
    if (!german || found == german_parts.end()) return part.title + ". " + part.where;
    return std::string(found->title) + ". " + fmt::format(fmt::runtime(found->where), domain);
}

}  // namespace

std::vector<Block> publication_blocks(const Report& report, Language language, bool whole) {
    std::vector<Block> blocks;
    if (report.publication.empty()) return blocks;
    const bool german = language == Language::german;
    std::string domain = report.request.domain ? report.request.domain->text() : "";
    if (domain.empty() && report.request.email) domain = report.request.email->domain.text();
    blocks.push_back(
        {.kind = Block::Kind::heading,
         .text = german ? "Was die Domain veröffentlichen kann" : "What the domain can publish"});
    if (!whole) {
        blocks.push_back(
            {.kind = Block::Kind::paragraph,
             .text = fmt::format(
                 german ? fmt::runtime(
                              "Die Einträge und Dateien für die Server oben, fertig zum Einfügen, zeigt wem "
                              "die Domain gehört: maildoctor validate {}")
                        : fmt::runtime(
                              "The records and files for the servers above, ready to paste, for whoever "
                              "owns the domain: maildoctor validate {}"),
                 domain)});
        return blocks;
    }
    for (const PublicationPart& part : report.publication) {
        blocks.push_back({.kind = Block::Kind::paragraph, .text = introduction(part, domain, german)});
        blocks.push_back({.kind = Block::Kind::code, .text = part.content});
    }
    return blocks;
}

}  // namespace maildoctor::report
