#include "cli/rules_diff.h"

#include <map>

#include "core/model/cause.h"
#include "core/model/text.h"
#include "core/model/words.h"

namespace maildoctor::cli {
namespace {

using knowledge::Pack;
using Entries = std::map<std::string, std::string>;  // "rule outlook-0x800ccc0d" -> all that it says

std::string joined(const std::vector<std::string>& texts) {
    std::string out;
    for (const std::string& text : texts)
        out += text + '\n';
    return out;
}

std::string rule_content(const Pack& pack, const knowledge::RuleRecord& rule) {
    return std::string(cause_id(static_cast<Cause>(rule.cause))) + '\t' +
           std::string(word(static_cast<Confidence>(rule.confidence))) + '\t' + std::to_string(rule.weight) +
           '\t' + std::string(pack.text(rule.variant)) + '\t' + std::string(pack.text(rule.pattern)) + '\t' +
           std::string(pack.text(rule.source)) + '\t' + std::string(pack.text(rule.checked)) + '\t' +
           joined(pack.strings(rule.match)) + joined(pack.strings(rule.no_match)) +
           joined(pack.strings(rule.programs)) + joined(pack.strings(rule.providers));
}

std::string provider_content(const Pack& pack, const knowledge::ProviderRecord& provider) {
    std::string out = joined(pack.strings(provider.domains)) + joined(pack.strings(provider.hosts));
    for (const auto& server : pack.all<knowledge::ServerRecord>(knowledge::Section::servers)
                                  .subspan(provider.servers.at, provider.servers.size))
        out += std::string(pack.text(server.protocol)) + ' ' + std::string(pack.text(server.host)) + ' ' +
               std::to_string(server.port) + ' ' + std::string(pack.text(server.security)) + '\n';
    return out;
}

Entries entries_of(const Pack& pack) {
    Entries entries;
    for (const auto& rule : pack.rules())
        entries["rule " + std::string(pack.text(rule.id))] = rule_content(pack, rule);
    for (const auto& code : pack.all<knowledge::CodeRecord>(knowledge::Section::codes)) {
        std::string& content = entries["code " + std::string(pack.text(code.name))];
        for (const auto& entry : pack.entries(code))
            content +=
                std::string(pack.text(entry.symbol)) + '\t' + std::string(pack.text(entry.meaning)) + '\n';
    }
    for (const auto& program : pack.programs())
        entries["program " + std::string(pack.text(program.id))] =
            std::string(pack.text(program.name)) + '\n' + joined(pack.strings(program.recognise));
    for (const auto& provider : pack.providers())
        entries["provider " + std::string(pack.text(provider.id))] = provider_content(pack, provider);
    for (const auto& guide : pack.guides())
        entries["guide " + std::string(pack.text(guide.program)) + " (" +
                std::string(pack.text(guide.language)) + ")"] = std::string(pack.text(guide.name));
    return entries;
}

std::string version_of(const Pack& pack) {
    const std::string version(pack.text(pack.header().pack_name)), date(pack.text(pack.header().pack_date));
    return version.empty() ? "without a version" : version + (date.empty() ? "" : " of " + date);
}

}  // namespace

std::string rules_diff(const Pack& old_pack, const Pack& new_pack, bool& differ) {
    const Entries before = entries_of(old_pack), after = entries_of(new_pack);
    std::string lines;
    std::size_t gone = 0, appeared = 0, changed = 0;
    constexpr std::size_t name_limit = 200;
    for (const auto& [name, content] : before) {
        const auto other = after.find(name);
        if (other != after.end() && other->second == content) continue;
        const bool still = other != after.end();
        ++(still ? changed : gone);
        lines += (still ? "~ " : "- ") + cleaned(name, name_limit) + "\n";
    }
    for (const auto& [name, content] : after) {
        if (before.contains(name)) continue;
        ++appeared;
        lines += "+ " + cleaned(name, name_limit) + "\n";
    }
    differ = gone + appeared + changed != 0;
    return "old: " + cleaned(version_of(old_pack), name_limit) +
           "\nnew: " + cleaned(version_of(new_pack), name_limit) + "\n" + lines + std::to_string(appeared) +
           " new, " + std::to_string(changed) + " changed, " + std::to_string(gone) + " gone\n";
}

}  // namespace maildoctor::cli
