// The formats of a validation that are written piece by piece: text, JSON, CSV and HTML.
#include <fmt/format.h>

#include <array>
#include <cstddef>

#include "core/report/clean.h"
#include "core/report/draw.h"
#include "core/report/validation.h"
#include "core/report/validation_monitoring.h"

namespace maildoctor::report {
namespace {

std::string domain_of(const Validation& validation) {
    return validation.report.request.domain ? validation.report.request.domain->text() : std::string();
}

/// One domain in full, or a list in a few lines each.
class TextValidations final : public ValidationWriter {
public:
    explicit TextValidations(ValidationStyle style) : style_(std::move(style)) {}

    std::string one(const Validation& validation) override {
        const Language language = language_from(style_.text.language);
        if (!style_.many)
            return draw_text(
                compose_validation(validation, {.language = language, .verbose = style_.text.verbose}),
                style_.text);
        ++counts_[static_cast<std::size_t>(validation.report.verdict)];
        std::string out = fmt::format("{}: {}\n", domain_of(validation), word(validation.report.verdict));
        for (const Finding& finding : validation.report.findings) {
            if (finding.severity == Severity::info && !style_.text.verbose) continue;
            const std::string subject = subject_text(finding.subject, language);
            out += fmt::format(
                "  {} {}{}{}{}\n", severity_phrase(finding.severity, language), cause_id(finding.cause),
                finding.detail.empty() ? "" : " (" + cleaned(finding.detail) + ")",
                subject.empty() ? "" : " " + subject,
                finding.subject.source.empty() ? "" : " <- " + cleaned(finding.subject.source));
        }
        for (const PolicyLine& line : validation.policy)
            if (line.met == Answer::no)
                out += fmt::format("  policy {} = {}: {}\n", line.rule, cleaned(line.wanted),
                                   cleaned(line.because));
        return out;
    }

    std::string end() override {
        if (!style_.many) return {};
        return fmt::format("{} domains: {} ok, {} with problems, {} not settled\n",
                           counts_[0] + counts_[1] + counts_[2], counts_[0], counts_[1], counts_[2]);
    }

private:
    ValidationStyle style_;
    std::array<std::size_t, 3> counts_{};
};

/// One object, or an array of objects.
class JsonValidations final : public ValidationWriter {
public:
    explicit JsonValidations(bool many) : many_(many) {}
    std::string begin() override { return many_ ? "[" : ""; }
    std::string one(const Validation& validation) override {
        if (!many_) return validation_json(validation, true) + "\n";
        return (std::exchange(first_, false) ? "\n" : ",\n") + validation_json(validation, false);
    }
    std::string end() override { return many_ ? "\n]\n" : ""; }

private:
    bool many_, first_{true};
};

class JsonLines final : public ValidationWriter {
public:
    explicit JsonLines(bool many) : many_(many) {}
    std::string one(const Validation& validation) override {
        return validation_json(validation, !many_) + "\n";
    }

private:
    bool many_;
};

/// A line for each finding; one without a cause for a domain that has none.
class CsvValidations final : public ValidationWriter {
public:
    std::string begin() override {
        return "domain,verdict,severity,cause,detail,source,protocol,host,address,port,security,title,"
               "evidence\r\n";
    }
    std::string one(const Validation& validation) override {
        const std::string domain = domain_of(validation);
        const std::string verdict(word(validation.report.verdict));
        std::string out;
        for (const Finding& finding : validation.report.findings) {
            const Subject& s = finding.subject;
            out += row({domain, verdict, std::string(word(finding.severity)),
                        std::string(cause_id(finding.cause)), finding.detail, s.source,
                        s.protocol ? std::string(word(*s.protocol)) : "", s.host.value_or(""),
                        s.address ? s.address->text() : "", s.port ? std::to_string(s.port->number()) : "",
                        s.security ? std::string(word(*s.security)) : "", finding.title,
                        finding.evidence.empty() ? "" : finding.evidence.front().text});
        }
        for (const PolicyLine& line : validation.policy)
            if (line.met == Answer::no)
                out += row({domain, verdict, "error", "policy", line.rule, "", "", "", "", "", "",
                            line.rule + " = " + line.wanted, line.because});
        if (out.empty()) out = row({domain, verdict, "", "", "", "", "", "", "", "", "", "", ""});
        return out;
    }

private:
    static std::string row(const std::array<std::string, 13>& cells) {
        std::string line;
        for (const std::string& cell : cells)
            line += (line.empty() ? "" : ",") + csv_cell(cell);
        return line + "\r\n";
    }
};

class HtmlValidations final : public ValidationWriter {
public:
    HtmlValidations(std::string_view language, bool many) : language_(language_from(language)), many_(many) {}
    std::string one(const Validation& validation) override {
        const Document document = compose_validation(validation, {.language = language_, .verbose = !many_});
        if (!many_) return draw_html(document);
        std::string out = std::exchange(begun_, true) ? "" : html_head("maildoctor validate", language_);
        return out + html_body(document);
    }
    std::string end() override {
        if (!many_) return {};
        return (begun_ ? "" : html_head("maildoctor validate", language_)) + html_foot();
    }

private:
    Language language_;
    bool many_, begun_{false};
};

}  // namespace

std::string csv_cell(std::string_view text) {
    std::string cell = cleaned(text);
    constexpr std::string_view formula = "=+-@\t\r|%";
    if (!cell.empty() && formula.find(cell.front()) != std::string_view::npos) cell.insert(0, "'");
    if (cell.find_first_of(",\"\r\n;'") == std::string::npos) return cell;
    std::string quoted = "\"";
    for (const char c : cell)
        quoted.append(c == '"' ? "\"\"" : std::string(1, c));
    return quoted + "\"";
}

std::optional<ValidationFormat> validation_format_from(std::string_view name) noexcept {
    using enum ValidationFormat;
    constexpr std::array<std::pair<std::string_view, ValidationFormat>, 7> names = {
        {{"text", text},
         {"json", json},
         {"jsonl", jsonl},
         {"csv", csv},
         {"html", html},
         {"junit", junit},
         {"prometheus", prometheus}}};
    for (const auto& [known, format] : names)
        if (known == name) return format;
    return std::nullopt;
}

std::unique_ptr<ValidationWriter> validation_writer(ValidationFormat format, ValidationStyle style) {
    switch (format) {
        case ValidationFormat::json:
            return std::make_unique<JsonValidations>(style.many);
        case ValidationFormat::jsonl:
            return std::make_unique<JsonLines>(style.many);
        case ValidationFormat::csv:
            return std::make_unique<CsvValidations>();
        case ValidationFormat::html:
            return std::make_unique<HtmlValidations>(style.text.language, style.many);
        case ValidationFormat::junit:
            return junit_writer();
        case ValidationFormat::prometheus:
            return prometheus_writer();
        case ValidationFormat::text:
            break;
    }
    return std::make_unique<TextValidations>(std::move(style));
}

}  // namespace maildoctor::report
