#include "cli/bulk_validation.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <iostream>
#include <iterator>
#include <optional>
#include <utility>

#include "cli/domain_list.h"
#include "cli/history_command.h"
#include "cli/interrupt.h"
#include "cli/nagios.h"
#include "cli/output.h"
#include "cli/progress.h"
#include "cli/result_file.h"
#include "core/doctor/bulk.h"
#include "core/doctor/queued.h"
#include "core/platform/file.h"

namespace maildoctor::cli {
namespace {

constexpr std::size_t list_limit = 256U << 20U;  // octets

/// Nobody reads the output any more: a reason to stop, none to complain.
struct ReaderGone {};

/// Counts what is done, and says so on a terminal.
class Tally {
public:
    explicit Tally(std::size_t planned) : planned_(planned) {}

    void add(const Validation& validation) {
        ++done_;
        const bool broken_rule = std::ranges::any_of(
            validation.policy, [](const PolicyLine& line) { return line.met == Answer::no; });
        ++counts_[broken_rule ? static_cast<std::size_t>(Verdict::problem)
                              : static_cast<std::size_t>(validation.report.verdict)];
        show(validation.report.request.domain ? validation.report.request.domain->text() : "");
    }
    void erase() { line_.erase(); }

    std::size_t done() const { return done_; }
    ExitStatus status() const {
        if (counts_[static_cast<std::size_t>(Verdict::problem)] > 0) return ExitStatus::problem;
        return counts_[static_cast<std::size_t>(Verdict::inconclusive)] > 0 ? ExitStatus::inconclusive
                                                                            : ExitStatus::ok;
    }

private:
    void show(const std::string& domain) {
        const auto now = std::chrono::steady_clock::now();
        if (now - shown_ < std::chrono::milliseconds(100)) return;
        shown_ = now;
        const double seconds = std::chrono::duration<double>(now - began_).count();
        const double rate = seconds > 0 ? static_cast<double>(done_) / seconds : 0;
        const auto left = rate > 0 ? static_cast<long>(static_cast<double>(planned_ - done_) / rate) : 0;
        line_.show(
            {.kind = doctor::Progress::Kind::started,
             .what = fmt::format("{:.1f}/s, {}:{:02} left, {} with problems, {}", rate, left / 60, left % 60,
                                 counts_[static_cast<std::size_t>(Verdict::problem)], domain),
             .done = done_,
             .planned = planned_});
    }

    std::size_t planned_, done_{0};
    std::array<std::size_t, 3> counts_{};
    std::chrono::steady_clock::time_point began_{std::chrono::steady_clock::now()}, shown_{};
    ProgressLine line_;
};

void report_list(const DomainList& list, const ValidateOrder& order, std::size_t already) {
    for (const std::string& line : list.complaints)
        complain(order.list + ":" + line);
    if (list.duplicates > 0)
        complain(fmt::format("{}: {} repeated lines were left out", order.list, list.duplicates));
    if (already > 0)
        complain(fmt::format("{} domains have a result from the run before, {} are left", already,
                             list.domains.size()));
}

/// Takes results from workers instead of working here.
ExitStatus validate_by_workers(const ValidateOrder& order, DomainList list) {
    std::vector<std::string> domains;
    domains.reserve(list.domains.size());
    for (const ListedDomain& one : list.domains)
        domains.push_back(one.account.domain.text());
    const std::size_t planned = domains.size();
    std::optional<ResultFile> file;
    if (order.output.empty()) {
        file.emplace();
    } else {
        file.emplace(order.output, 0);
    }
    bool problems = false, open = false;
    auto run = doctor::start_queued(
        read_queue_place(order.queue), std::move(domains),
        [&](const std::string&, const std::string& json) {
            problems = problems || json.find("\"verdict\":\"problem\"") != std::string::npos ||
                       json.find("\"met\":\"no\"") != std::string::npos;
            open = open || json.find("\"verdict\":\"ok\"") == std::string::npos;
            if (!file->write(json + "\n")) throw ReaderGone{};
        },
        [](const std::string& line) { complain(line); });
    if (!run) throw UsageError(run.error().line);
    std::string fault;
    bool cancelled = false;
    try {
        const Interrupt interrupt([&run] { (*run)->cancel(); });
        fault = (*run)->wait();
        cancelled = Interrupt::came();
    } catch (const ReaderGone&) {
        return ExitStatus::inconclusive;
    }
    if (!fault.empty()) throw UsageError(fault);
    if (cancelled) {
        complain(fmt::format("stopped after {} of {} results; workers go on with what stands on the queue",
                             (*run)->done(), planned));
        return ExitStatus::inconclusive;
    }
    return problems ? ExitStatus::problem : open ? ExitStatus::inconclusive : ExitStatus::ok;
}

/// What goes into the store; nothing where there is none.
std::string record_of(const Validation& validation, const ValidateOrder& order) {
    return order.store.empty() ? std::string() : report::validation_json(validation, false) + "\n";
}

}  // namespace

std::string read_list(const std::string& path) {
    if (path == "-") return std::string(std::istreambuf_iterator<char>(std::cin), {});
    auto bytes = platform::read_file(path, list_limit);
    if (!bytes) throw UsageError("--domains: " + bytes.error());
    return std::move(*bytes);
}

int validate_list(const ValidateOrder& order) {
    const std::string bytes = read_list(order.list);
    EarlierResults earlier;
    if (order.resume) earlier = read_earlier_results(order.output, order.format);
    DomainList list = read_domain_list(bytes, earlier.domains, order.options.reference_probes);
    report_list(list, order, earlier.domains.size());
    if (list.domains.empty() && earlier.domains.empty() && !list.complaints.empty())
        throw UsageError("--domains: " + order.list + " holds no domain");
    if (!order.queue.address.empty()) return static_cast<int>(validate_by_workers(order, std::move(list)));
    std::optional<ResultFile> file;
    if (order.output.empty()) {
        file.emplace();
    } else {
        file.emplace(order.output, earlier.whole_octets);
    }
    const auto writer = report::validation_writer(order.format, order.style);
    report::PluginSummary summary;
    std::size_t not_kept = 0;
    if (earlier.whole_octets == 0 && !order.nagios) (void)file->write(writer->begin());
    Tally tally(list.domains.size());
    std::size_t next = 0;
    const auto give = [&]() -> std::optional<doctor::BulkJob> {
        if (next == list.domains.size()) return std::nullopt;
        ListedDomain& one = list.domains[next++];
        return doctor::BulkJob{.account = std::move(one.account), .host = std::move(one.host)};
    };
    const auto take = [&](const Validation& validation) {
        if (order.nagios) {
            summary.add(validation);
        } else if (!file->write(writer->one(validation))) {
            throw ReaderGone{};
        }
        if (const std::string why = keep_quietly(order.store, "validate", record_of(validation, order));
            !why.empty() && not_kept++ == 0)
            complain(why);  // once: the store is the same for all
        tally.add(validation);
    };
    bool cancelled = false;
    try {
        auto run = doctor::start_bulk(give, take, order.options, order.validation, order.bulk);
        if (!run) throw UsageError(run.error().line);
        const Interrupt interrupt([&run] { (*run)->cancel(); });
        (*run)->wait();
        cancelled = Interrupt::came();
    } catch (const ReaderGone&) {
        return static_cast<int>(tally.status());
    }
    tally.erase();
    if (not_kept > 1) complain(fmt::format("{} runs were not kept", not_kept));
    if (order.nagios)
        return write_plugin(summary.output(list.complaints.size() + list.domains.size() - tally.done()));
    (void)file->write(writer->end());
    if (cancelled) {
        complain(fmt::format("stopped after {} of {} domains{}", tally.done(), list.domains.size(),
                             order.output.empty() ? "" : "; the same command with --resume goes on"));
        return static_cast<int>(ExitStatus::inconclusive);
    }
    const ExitStatus status = tally.status();
    return static_cast<int>(status == ExitStatus::ok && !list.complaints.empty() ? ExitStatus::usage
                                                                                 : status);
}

}  // namespace maildoctor::cli
