// From files to a pack: what reads, what checks and what compiles, strung together.
#include <algorithm>

#include "core/knowledge/compile.h"
#include "core/knowledge/pack_files.h"
#include "core/knowledge/phrase.h"

namespace maildoctor::knowledge {
namespace {

LoadedPack finish(const Sources& sources, std::vector<Complaint> complaints) {
    LoadedPack loaded{.complaints = std::move(complaints)};
    if (std::ranges::any_of(loaded.complaints,
                            [](const Complaint& c) { return c.grade == Complaint::Grade::fault; }))
        return loaded;
    loaded.block = std::make_unique<std::vector<std::uint64_t>>(compile(sources));
    loaded.pack = Pack::from(*loaded.block);
    return loaded;
}

}  // namespace

LoadedPack load_pack(const std::filesystem::path& place) {
    std::vector<Complaint> complaints;
    const Sources sources = read_sources(read_pack_files(place, complaints), complaints);
    check_sources(sources, complaints);
    return finish(sources, std::move(complaints));
}

std::string as_line(const Complaint& complaint) {
    std::string place = complaint.file;
    if (complaint.line > 0)
        place += ":" + std::to_string(complaint.line) + ":" + std::to_string(complaint.column);
    return place + ": " + complaint.text;
}

std::string faults_of(const LoadedPack& loaded) {
    std::string lines;
    for (const Complaint& complaint : loaded.complaints) {
        if (complaint.grade == Complaint::Grade::fault) lines += as_line(complaint) + "\n";
    }
    return lines;
}

LoadedPack load_rules(std::string_view toml) {
    std::vector<Complaint> complaints;
    Sources sources;
    read_rules(toml, "rules.toml", sources, complaints);
    for (const RuleSource& rule : sources.rules) {
        if (!cause_from_id(rule.cause))
            complaints.push_back({.file = rule.file,
                                  .line = rule.line,
                                  .column = 1,
                                  .text = "'" + rule.cause + "' is not in causes.tsv"});
        for (const auto* const list : {&rule.phrases, &rule.all, &rule.none}) {
            for (const std::string& phrase : *list) {
                if (const auto fault = phrase_fault(phrase))
                    complaints.push_back({.file = rule.file,
                                          .line = rule.line,
                                          .column = 1,
                                          .text = "phrase '" + phrase + "': " + *fault});
            }
        }
    }
    return finish(sources, std::move(complaints));
}

}  // namespace maildoctor::knowledge
