#include "cli/history_output.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "core/doctor/version.h"
#include "core/model/text.h"
#include "core/report/json_writer.h"
#include "core/report/layout.h"
#include "core/report/times.h"

namespace maildoctor::cli {
namespace {

using Change = Difference::Change;
using report::JsonWriter;

constexpr std::size_t max_value = 1000;  // octets

std::string padded(const std::string& text, std::size_t width) {
    const std::size_t taken = report::columns(text);
    return text + std::string(taken < width ? width - taken : 0, ' ');
}

std::string_view word(Change change) {
    static constexpr std::array<std::string_view, 3> words = {"appeared", "gone", "changed"};
    return words[static_cast<std::size_t>(change)];
}

std::string_view heading(std::string_view section) {
    static constexpr std::array<std::pair<std::string_view, std::string_view>, 8> headings = {
        {{"verdict", "Verdict"},
         {"finding", "Findings"},
         {"setting", "Settings"},
         {"server", "Servers"},
         {"certificate", "Certificates"},
         {"dns", "DNS"},
         {"login", "Logins"},
         {"asked", "What was asked"}}};
    const auto* const found =
        std::ranges::find(headings, section, &std::pair<std::string_view, std::string_view>::first);
    return found == headings.end() ? section : found->second;
}

std::string title(const char* label, const RunRecord& run) {
    std::string line = std::string(label) + (run.id == 0 ? "" : "run " + std::to_string(run.id) + ", ") +
                       report::readable_time(run.started) + ", " + run.subject + ": " + run.verdict;
    if (!run.primary.empty()) line += " (" + run.primary + ")";
    return cleaned(line, max_value);
}

void write_run(JsonWriter& out, const RunRecord& run) {
    out.begin_object();
    if (run.id != 0) out.member("run", run.id);
    out.member("started", report::rfc3339(run.started))
        .member_if_set("command", run.command)
        .member("subject", run.subject)
        .member("verdict", run.verdict)
        .key("primary");
    if (run.primary.empty())
        out.null();
    else
        out.text(run.primary);
    out.member("maildoctor", run.version).end_object();
}

}  // namespace

std::string history_text(const std::vector<RunRecord>& runs, const report::TextStyle& style) {
    if (runs.empty()) return "No runs.\n";
    std::size_t id_width = 3, subject_width = 7;
    for (const RunRecord& run : runs) {
        id_width = std::max(id_width, std::to_string(run.id).size());
        subject_width = std::max(subject_width, report::columns(cleaned(run.subject, max_value)));
    }
    subject_width = std::min(subject_width, style.width / 2);
    const auto line = [&](const std::string& id, const std::string& when, const std::string& command,
                          const std::string& subject, const std::string& verdict) {
        return padded(id, id_width) + "  " + padded(when, 20) + "  " + padded(command, 8) + "  " +
               padded(subject, subject_width) + "  " + verdict + "\n";
    };
    std::string out = line("Run", "When", "Command", "Subject", "Verdict");
    for (const RunRecord& run : runs)
        out += line(std::to_string(run.id), report::readable_time(run.started),
                    cleaned(run.command, max_value), cleaned(run.subject, max_value),
                    cleaned(run.verdict + (run.primary.empty() ? "" : " (" + run.primary + ")"), max_value));
    return out;
}

std::string history_json(const std::vector<RunRecord>& runs) {
    JsonWriter out;
    out.begin_object().member("maildoctor", doctor::version()).member("schema", 1).key("runs").begin_array();
    for (const RunRecord& run : runs)
        write_run(out, run);
    out.end_array().end_object();
    return out.take() + "\n";
}

std::string comparison_text(const Comparison& comparison, const report::TextStyle& style) {
    std::string out = report::wrapped(title("Before: ", comparison.before), style.width, "", "        ") +
                      report::wrapped(title("After:  ", comparison.after), style.width, "", "        ");
    if (comparison.differences.empty()) return out + "\nNothing differs.\n";
    std::string_view section;
    for (const Difference& each : comparison.differences) {
        if (each.section != section) {
            section = each.section;
            out += "\n" + std::string(heading(section)) + "\n";
        }
        const std::string what = cleaned(each.what, max_value);
        const auto side = [&](const char* sign, const std::string& text) {
            out += report::wrapped(cleaned(text, max_value), style.width, std::string("      ") + sign + " ",
                                   "        ");
        };
        const char* const sign = each.change == Change::appeared ? "+ "
                                 : each.change == Change::gone   ? "- "
                                                                 : "  ";
        out += report::wrapped(what, style.width, std::string("  ") + sign, "    ");
        if (each.change != Change::appeared) side("-", each.before);
        if (each.change != Change::gone) side("+", each.after);
    }
    return out;
}

std::string comparison_json(const Comparison& comparison) {
    JsonWriter out;
    out.begin_object().member("maildoctor", doctor::version()).member("schema", 1).key("before");
    write_run(out, comparison.before);
    out.key("after");
    write_run(out, comparison.after);
    out.member("same", comparison.differences.empty()).key("differences").begin_array();
    for (const Difference& each : comparison.differences) {
        out.begin_object()
            .member("section", each.section)
            .member("what", each.what)
            .member("change", word(each.change));
        if (each.change != Change::appeared) out.member("before", each.before);
        if (each.change != Change::gone) out.member("after", each.after);
        out.end_object();
    }
    out.end_array().end_object();
    return out.take() + "\n";
}

}  // namespace maildoctor::cli
