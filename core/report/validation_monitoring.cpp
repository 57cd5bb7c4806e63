#include "core/report/validation_monitoring.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <vector>

#include "core/model/markup.h"
#include "core/report/clean.h"
#include "core/report/times.h"

namespace maildoctor::report {
namespace {

std::string domain_of(const Validation& validation) {
    return validation.report.request.domain ? validation.report.request.domain->text() : std::string();
}

std::string xml(std::string_view text) {
    return markup_escaped(cleaned(text));
}

std::string seconds(std::chrono::milliseconds time) {
    return fmt::format("{}.{:03}", time.count() / 1000, time.count() % 1000);
}

/// Whether a finding is about this very server.
bool is_about(const Finding& finding, const ServerSetting& setting) {
    const Subject& s = finding.subject;
    return s.host == setting.host.text() && (!s.port || *s.port == setting.port) &&
           (!s.protocol || *s.protocol == setting.protocol);
}

class Junit final : public ValidationWriter {
public:
    std::string begin() override { return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n"; }
    std::string end() override { return "</testsuites>\n"; }

    std::string one(const Validation& validation) override {
        cases_.clear();
        tests_ = failures_ = skipped_ = 0;
        domain_ = domain_of(validation);
        std::set<const Finding*> told;
        for (const PublishedServer& server : validation.servers) {
            if (!server.published()) continue;
            std::vector<const Finding*> about;
            for (const Finding& finding : validation.report.findings)
                if (is_about(finding, server.setting)) {
                    about.push_back(&finding);
                    told.insert(&finding);
                }
            add(server_text(server.setting), about, !server.works);
        }
        for (const Finding& finding : validation.report.findings)
            if (!told.contains(&finding)) add(std::string(cause_id(finding.cause)), {&finding}, false);
        for (const PolicyLine& line : validation.policy)
            add_policy(line);
        if (tests_ == 0) add("published settings", {}, validation.report.verdict == Verdict::inconclusive);
        return fmt::format(
            "<testsuite name=\"{}\" tests=\"{}\" failures=\"{}\" errors=\"0\" skipped=\"{}\" time=\"{}\" "
            "timestamp=\"{}\">\n"
            "{}</testsuite>\n",
            xml(domain_), tests_, failures_, skipped_, seconds(validation.report.duration),
            rfc3339(validation.report.started).substr(0, 19), cases_);
    }

private:
    void open(const std::string& name) {
        ++tests_;
        cases_ += fmt::format("<testcase classname=\"{}\" name=\"{}\">", xml(domain_), xml(name));
    }

    void add(const std::string& name, const std::vector<const Finding*>& findings, bool untested) {
        open(name);
        std::string remarks;
        const Finding* failure = nullptr;
        for (const Finding* finding : findings) {
            if (finding->severity == Severity::error && failure == nullptr) {
                failure = finding;
                continue;
            }
            remarks +=
                fmt::format("{} {}: {}\n", word(finding->severity), cause_id(finding->cause), finding->title);
        }
        if (failure != nullptr) {
            ++failures_;
            std::string body;
            for (const Evidence& evidence : failure->evidence)
                body += evidence.text + "\n";
            cases_ += fmt::format("<failure type=\"{}\" message=\"{}\">{}</failure>",
                                  cause_id(failure->cause), xml(failure->title), lines(body));
        } else if (untested) {
            ++skipped_;
            cases_ += "<skipped message=\"could not be tested\"/>";
        }
        if (!remarks.empty()) cases_ += "<system-out>" + lines(remarks) + "</system-out>";
        cases_ += "</testcase>\n";
    }

    void add_policy(const PolicyLine& line) {
        open("policy " + line.rule + " = " + line.wanted);
        if (line.met == Answer::no) {
            ++failures_;
            cases_ += fmt::format("<failure type=\"policy.{}\" message=\"{}\"></failure>", xml(line.rule),
                                  xml(line.because));
        } else if (line.met == Answer::unknown) {
            ++skipped_;
            cases_ += fmt::format("<skipped message=\"{}\"/>", xml(line.because));
        }
        cases_ += "</testcase>\n";
    }

    /// Several lines, each cleaned on its own.
    static std::string lines(std::string_view text) {
        std::string out;
        while (!text.empty()) {
            const std::size_t end = text.find('\n');
            out += xml(text.substr(0, end)) + "\n";
            text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
        }
        return out;
    }

    std::string domain_, cases_;
    std::size_t tests_{}, failures_{}, skipped_{};
};

/// A label's value (exposition format: backslash, quote and line feed are escaped).
std::string label(std::string_view text) {
    std::string out;
    for (const char c : cleaned(text)) {
        if (c == '\\' || c == '"') out += '\\';
        out += c;
    }
    return out;
}

struct Metric {
    std::string_view name, help;
};
enum Which : std::size_t {
    verdict,
    findings,
    server_works,
    certificate_end,
    policy_met,
    duration,
    checked,
    metric_count
};
constexpr std::array<Metric, metric_count> metrics = {
    {{"maildoctor_domain_verdict", "Result of the validation: 1 for the verdict that the domain has."},
     {"maildoctor_domain_findings", "Findings about the domain by cause and severity."},
     {"maildoctor_published_server_works", "Whether a published server works as published (1) or not (0)."},
     {"maildoctor_certificate_expiry_timestamp_seconds",
      "End of the certificate that a server presents, in Unix time."},
     {"maildoctor_policy_met", "Whether a line of the provider's policy is met (1) or not (0)."},
     {"maildoctor_validation_duration_seconds", "Time that the domain's validation took."},
     {"maildoctor_validation_timestamp_seconds", "Begin of the domain's validation, in Unix time."}}};

class Prometheus final : public ValidationWriter {
public:
    std::string one(const Validation& validation) override {
        const std::string domain = "domain=\"" + label(domain_of(validation)) + "\"";
        for (const Verdict one : {Verdict::ok, Verdict::problem, Verdict::inconclusive})
            add(verdict, fmt::format("{},verdict=\"{}\"", domain, word(one)),
                validation.report.verdict == one ? "1" : "0");
        std::map<std::pair<Cause, Severity>, int> counts;
        for (const Finding& finding : validation.report.findings)
            ++counts[{finding.cause, finding.severity}];
        for (const auto& [key, count] : counts)
            add(findings,
                fmt::format("{},cause=\"{}\",severity=\"{}\"", domain, cause_id(key.first), word(key.second)),
                std::to_string(count));
        for (const PublishedServer& server : validation.servers)
            if (server.published() && server.works) add_server(domain, server);
        add_certificates(domain, validation);
        for (const PolicyLine& line : validation.policy)
            if (line.met != Answer::unknown)
                add(policy_met, fmt::format("{},rule=\"{}\"", domain, label(line.rule)),
                    line.met == Answer::yes ? "1" : "0");
        add(duration, domain, seconds(validation.report.duration));
        add(checked, domain, std::to_string(validation.report.started));
        return {};
    }

    std::string end() override {
        std::string out;
        for (std::size_t i = 0; i < metric_count; ++i) {
            if (samples_[i].empty()) continue;
            out += fmt::format("# HELP {} {}\n# TYPE {} gauge\n{}", metrics[i].name, metrics[i].help,
                               metrics[i].name, samples_[i]);
        }
        return out;
    }

private:
    void add(Which which, std::string_view labels, std::string_view value) {
        samples_[which] += fmt::format("{}{{{}}} {}\n", metrics[which].name, labels, value);
    }

    void add_server(const std::string& domain, const PublishedServer& server) {
        const ServerSetting& s = server.setting;
        add(server_works,
            fmt::format("{},protocol=\"{}\",host=\"{}\",port=\"{}\",security=\"{}\",source=\"{}\"", domain,
                        word(s.protocol), label(s.host.text()), s.port.number(), word(s.security),
                        label(server.sources.front())),
            *server.works ? "1" : "0");
    }

    void add_certificates(const std::string& domain, const Validation& validation) {
        std::map<std::string, std::int64_t> ends;  // the earliest of a server's machines
        for (const Observation& seen : validation.report.observations) {
            if (!seen.tls || seen.tls->chain.empty() || !seen.subject.host || !seen.subject.port) continue;
            const std::string labels = fmt::format("{},host=\"{}\",port=\"{}\"", domain,
                                                   label(*seen.subject.host), seen.subject.port->number());
            const std::int64_t end = seen.tls->chain.front().not_after;
            const auto [place, added] = ends.try_emplace(labels, end);
            if (!added) place->second = std::min(place->second, end);
        }
        for (const auto& [labels, end] : ends)
            add(certificate_end, labels, std::to_string(end));
    }

    std::array<std::string, metric_count> samples_{};
};

}  // namespace

std::unique_ptr<ValidationWriter> junit_writer() {
    return std::make_unique<Junit>();
}

std::unique_ptr<ValidationWriter> prometheus_writer() {
    return std::make_unique<Prometheus>();
}

}  // namespace maildoctor::report
