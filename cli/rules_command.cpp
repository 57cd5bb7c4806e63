#include "cli/rules_command.h"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>
#include <string>

#include "cli/command.h"
#include "cli/output.h"
#include "cli/rules_diff.h"
#include "core/explain/explain.h"
#include "core/knowledge/compile.h"
#include "core/knowledge/texts.h"
#include "core/report/times.h"

namespace maildoctor::cli {
namespace {

using knowledge::Complaint;
using knowledge::Pack;
using knowledge::RuleRecord;

struct RulesOptions {
    std::string folder{}, id{};
};

int lint(const std::string& folder) {
    const auto loaded = knowledge::load_pack(folder.empty() ? "rules" : folder);
    std::size_t faults = 0, advice = 0;
    for (const Complaint& complaint : loaded.complaints) {
        const bool fails = complaint.grade != Complaint::Grade::advice;
        std::printf("%s%s\n", fails ? "" : "advice: ", as_line(complaint).c_str());
        ++(fails ? faults : advice);
    }
    std::printf("%zu rules, %zu faults, %zu pieces of advice\n",
                loaded.pack ? loaded.pack->rules().size() : 0, faults, advice);
    return faults == 0 ? 0 : 1;
}

/// The pack of a folder, or the built-in one; complaints go to standard error.
bool open(const std::string& folder, knowledge::LoadedPack& loaded, std::optional<Pack>& pack) {
    if (folder.empty()) {
        pack = knowledge::built_in();
        return true;
    }
    loaded = knowledge::load_pack(folder);
    for (const Complaint& complaint : loaded.complaints) {
        if (complaint.grade == Complaint::Grade::fault)
            std::fprintf(stderr, "%s\n", as_line(complaint).c_str());
    }
    pack = loaded.pack;
    return pack.has_value();
}

int list(const Pack& pack) {
    for (const RuleRecord& rule : pack.rules())
        std::printf("%-44.*s %s\n", static_cast<int>(pack.text(rule.id).size()), pack.text(rule.id).data(),
                    std::string(cause_id(static_cast<Cause>(rule.cause))).c_str());
    return 0;
}

/// The day on which a source was read last, and whether that was long ago.
std::string day_of_check(std::string_view checked) {
    const bool old = knowledge::is_old(checked, report::today());
    return std::string(checked) + (old ? " (may be out of date)" : "");
}

int show(const Pack& pack, const std::string& id) {
    for (const RuleRecord& rule : pack.rules()) {
        if (pack.text(rule.id) != id) continue;
        std::printf(
            "%s\n  cause       %s\n  confidence  %s\n  weight      %d\n  source      %s\n  checked     %s\n",
            id.c_str(), std::string(cause_id(static_cast<Cause>(rule.cause))).c_str(),
            std::string(word(static_cast<Confidence>(rule.confidence))).c_str(), rule.weight,
            std::string(pack.text(rule.source)).c_str(), day_of_check(pack.text(rule.checked)).c_str());
        for (const std::string& example : pack.strings(rule.match))
            std::printf("  matches     %s\n", example.c_str());
        for (const std::string& example : pack.strings(rule.no_match))
            std::printf("  matches not %s\n", example.c_str());
        return 0;
    }
    std::fprintf(stderr, "maildoctor: there is no rule '%s'\n", id.c_str());
    return 3;
}

int test(const Pack& pack) {
    std::size_t examples = 0, failed = 0;
    const auto fail = [&](const RuleRecord& rule, const char* what, const std::string& example) {
        ++failed;
        std::printf("%.*s: %s: %s\n", static_cast<int>(pack.text(rule.id).size()), pack.text(rule.id).data(),
                    what, example.c_str());
    };
    for (const RuleRecord& rule : pack.rules()) {
        for (const std::string& example : pack.strings(rule.match)) {
            ++examples;
            if (!explain::rule_holds(pack, rule, example)) {
                fail(rule, "must match and does not", example);
                continue;
            }
            const Clues clues = explain::explain(example, pack);
            if (clues.causes.empty() || clues.causes.front().cause != static_cast<Cause>(rule.cause))
                fail(rule,
                     ("must be the first cause, but " +
                      std::string(clues.causes.empty() ? "nothing" : cause_id(clues.causes.front().cause)) +
                      " is")
                         .c_str(),
                     example);
        }
        for (const std::string& example : pack.strings(rule.no_match)) {
            ++examples;
            if (explain::rule_holds(pack, rule, example)) fail(rule, "must not match and does", example);
        }
    }
    std::printf("%zu rules, %zu examples, %zu failed\n", pack.rules().size(), examples, failed);
    return failed == 0 ? 0 : 1;
}

/// The pack of a folder or file, or the built-in one. Throws UsageError with one line: its first fault.
Pack open_or_refuse(const std::string& name, knowledge::LoadedPack& loaded) {
    if (name == "built-in") return knowledge::built_in();
    loaded = knowledge::load_pack(name);
    if (loaded.pack) return *loaded.pack;
    for (const Complaint& complaint : loaded.complaints)
        if (complaint.grade == Complaint::Grade::fault) throw UsageError(name + ": " + as_line(complaint));
    throw UsageError("'" + name + "' holds no rules");
}

int diff(const std::string& old_name, const std::string& new_name) {
    knowledge::LoadedPack old_loaded, new_loaded;
    const Pack old_pack = open_or_refuse(old_name, old_loaded),
               new_pack = open_or_refuse(new_name, new_loaded);
    bool differ = false;
    write_output(rules_diff(old_pack, new_pack, differ));
    return differ ? 1 : 0;
}

}  // namespace

void add_rules_command(CLI::App& app, int& status) {
    const auto options = std::make_shared<RulesOptions>();
    CLI::App* const command = app.add_subcommand("rules", "Check, list, show and test the rules");
    command->require_subcommand(1);
    CLI::App* const lint_command =
        command->add_subcommand("lint", "Check the rules in a folder, a .zip or a .toml file");
    lint_command->add_option("folder", options->folder, "The folder, .zip or .toml; rules by default");
    lint_command->callback([options, &status] { status = lint(options->folder); });
    const auto with_pack = [options, &status](int (*action)(const Pack&)) {
        return [options, &status, action] {
            knowledge::LoadedPack loaded;
            std::optional<Pack> pack;
            status = open(options->folder, loaded, pack) ? action(*pack) : 1;
        };
    };
    CLI::App* const list_command = command->add_subcommand("list", "The rules and their causes");
    list_command->add_option("--rules", options->folder,
                             "A folder, .zip or .toml of rules instead of the built-in ones");
    list_command->callback(with_pack(list));
    CLI::App* const test_command = command->add_subcommand("test", "Run the examples of every rule");
    test_command->add_option("--rules", options->folder,
                             "A folder, .zip or .toml of rules instead of the built-in ones");
    test_command->callback(with_pack(test));
    CLI::App* const diff_command = command->add_subcommand("diff", "What differs between two rule packs");
    const auto second = std::make_shared<std::string>();
    diff_command->add_option("OLD", options->folder, "A folder, .zip or .toml of rules, or built-in")
        ->type_name("")
        ->required();
    diff_command->add_option("NEW", *second, "A folder, .zip or .toml of rules, or built-in")
        ->type_name("")
        ->required();
    diff_command->callback([options, second, &status] { status = diff(options->folder, *second); });
    CLI::App* const show_command = command->add_subcommand("show", "One rule with its source and examples");
    show_command->add_option("id", options->id, "The rule's id")->required();
    show_command->add_option("--rules", options->folder,
                             "A folder, .zip or .toml of rules instead of the built-in ones");
    show_command->callback([options, &status] {
        knowledge::LoadedPack loaded;
        std::optional<Pack> pack;
        status = open(options->folder, loaded, pack) ? show(*pack, options->id) : 1;
    });
}

}  // namespace maildoctor::cli
