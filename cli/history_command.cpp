#include "cli/history_command.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <charconv>
#include <expected>
#include <memory>
#include <optional>
#include <utility>

#include "cli/command.h"
#include "cli/history_output.h"
#include "cli/output.h"
#include "core/doctor/history.h"
#include "core/names/email.h"
#include "core/names/names.h"
#include "core/platform/file.h"
#include "core/platform/folders.h"

namespace maildoctor::cli {
namespace {

constexpr std::size_t file_limit = std::size_t{16} << 20U;  // octets of a report
constexpr std::size_t most_runs = 100'000;

constexpr const char* history_examples =
    "Examples:\n"
    "  maildoctor check you@example.org --store results.sqlite\n"
    "      Keep this run.\n"
    "  maildoctor history --store results.sqlite example.org --limit 5\n"
    "      The last five runs about this domain.";

constexpr const char* diff_examples =
    "Examples:\n"
    "  maildoctor diff example.org --store results.sqlite\n"
    "      What changed since it last worked.\n"
    "  maildoctor diff 12 15 --store results.sqlite\n"
    "      What differs between two runs; 'maildoctor history' has their numbers.\n"
    "  maildoctor diff helpdesk.json customer.json\n"
    "      What differs between two networks: reports of 'check --format json'.\n"
    "\n"
    "Exit status: 0 nothing differs, 1 something does.";

struct HistoryArguments {
    std::string store{}, about{}, second{}, limit{"20"}, format{"text"};
};

template <class T>
T value_or_refuse(std::expected<T, std::string> result) {
    if (!result) throw UsageError(result.error());
    return std::move(*result);
}

bool is_json(const std::string& format) {
    if (format != "text" && format != "json")
        throw UsageError("--format: '" + format + "' is not one of text or json");
    return format == "json";
}

std::string store_of(const HistoryArguments& typed) {
    if (!typed.store.empty()) return typed.store;
    const auto folder = platform::user_folders().data;
    if (folder.empty()) throw UsageError("--store is missing: the file in which the runs were kept");
    return (folder / "history.sqlite").native();
}

template <class Number>
std::optional<Number> number_in(const std::string& text) {
    Number value{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (text.empty() || error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return value;
}

/// An address, a domain or a host as the store has it.
std::string subject_in(const std::string& text) {
    if (text.contains('@')) {
        const auto email = names::parse_email(text);
        if (!email) throw UsageError("'" + text + "': " + email.error());
        return email->text();
    }
    const auto host = names::to_host_name(text);
    if (!host) throw UsageError("'" + text + "' is not an address or a domain");
    return host->text();
}

void history(const HistoryArguments& typed) {
    const bool json = is_json(typed.format);
    const auto limit = number_in<std::size_t>(typed.limit);
    if (!limit || *limit == 0 || *limit > most_runs)
        throw UsageError("--limit: '" + typed.limit + "' is not a number from 1 to 100000");
    const std::string about = typed.about.empty() ? std::string() : subject_in(typed.about);
    const auto runs = value_or_refuse(doctor::list_runs(store_of(typed), about, *limit));
    write_output(json ? history_json(runs)
                      : history_text(runs, text_style(Colour::automatic, 0, "en", false)));
}

doctor::NamedDocument document_in(const std::string& path) {
    auto bytes = platform::read_file(path, file_limit);
    if (!bytes) throw UsageError(bytes.error());
    return {.name = path, .bytes = std::move(*bytes)};
}

Comparison compared(const HistoryArguments& typed) {
    const auto first = number_in<std::int64_t>(typed.about), second = number_in<std::int64_t>(typed.second);
    if (typed.about.empty()) throw UsageError("nothing to compare: give a domain, two runs or two files");
    if (typed.second.empty()) {
        if (first) throw UsageError("the second run is missing");
        if (typed.about.ends_with(".json")) throw UsageError("the second file is missing");
        return value_or_refuse(doctor::compare_with_last_working(store_of(typed), subject_in(typed.about)));
    }
    if (first && second) return value_or_refuse(doctor::compare_runs(store_of(typed), *first, *second));
    if (first || second) throw UsageError("give two runs or two files, not one of each");
    return value_or_refuse(doctor::compare_documents(document_in(typed.about), document_in(typed.second)));
}

ExitStatus diff(const HistoryArguments& typed) {
    const bool json = is_json(typed.format);
    const Comparison comparison = compared(typed);
    write_output(json ? comparison_json(comparison)
                      : comparison_text(comparison, text_style(Colour::automatic, 0, "en", false)));
    return comparison.differences.empty() ? ExitStatus::ok : ExitStatus::problem;
}

void add_common(CLI::App& command, HistoryArguments& typed) {
    command
        .add_option("--store", typed.store,
                    "The file in which runs were kept; else history.sqlite in your data folder")
        ->option_text("FILE");
    command.add_option("--format", typed.format, "text or json")->option_text("FORMAT");
}

}  // namespace

std::string keep_quietly(const std::string& store, const char* command, std::string_view document) {
    if (store.empty()) return {};
    const auto kept = doctor::keep_run(store, command, document);
    return kept ? std::string() : "this run was not kept: " + kept.error();
}

void keep_run(const std::string& store, const char* command, std::string_view document) {
    if (const std::string why = keep_quietly(store, command, document); !why.empty()) complain(why);
}

void add_history_command(CLI::App& app, int& status) {
    const auto typed = std::make_shared<HistoryArguments>();
    CLI::App* const command = app.add_subcommand("history", "The runs that were kept with --store");
    command->footer(history_examples);
    command->add_option("DOMAIN", typed->about, "Only runs about this address, domain or server")
        ->type_name("");
    add_common(*command, *typed);
    command->add_option("--limit", typed->limit, "The latest so many; 20 unless given")->option_text("N");
    command->callback([typed, &status] {
        history(*typed);
        status = 0;
    });
}

void add_diff_command(CLI::App& app, int& status) {
    const auto typed = std::make_shared<HistoryArguments>();
    CLI::App* const command =
        app.add_subcommand("diff", "What changed between two runs, or differs between two networks");
    command->footer(diff_examples);
    command
        ->add_option("BEFORE", typed->about,
                     "A run's number, a JSON report, or a domain: its last run and the last that worked")
        ->type_name("");
    command->add_option("AFTER", typed->second, "The other run or report")->type_name("");
    add_common(*command, *typed);
    command->callback([typed, &status] { status = static_cast<int>(diff(*typed)); });
}

}  // namespace maildoctor::cli
