#include "core/report/publication_blocks.h"

#include <fmt/format.h>

namespace maildoctor::report {

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
        blocks.push_back({.kind = Block::Kind::paragraph, .text = part.title + ". " + part.where});
        blocks.push_back({.kind = Block::Kind::code, .text = part.content});
    }
    return blocks;
}

}  // namespace maildoctor::report
