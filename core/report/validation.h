// Validations as bytes, one or many: each format has a beginning, one piece a domain, and an end, so that
// results can be written as they come.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "core/model/validation.h"
#include "core/report/document.h"
#include "core/report/render.h"

namespace maildoctor::report {

enum class ValidationFormat : std::uint8_t { text, json, jsonl, csv, html, junit, prometheus };

std::optional<ValidationFormat> validation_format_from(std::string_view word) noexcept;

struct ValidationStyle {
    TextStyle text{};  ///< of the format text; its language is that of html, too
    bool many{false};  ///< a list of domains: short texts, no observations
};

/// Writes one output from its beginning to its end; begin(), any number of one(), end().
class ValidationWriter {
public:
    virtual ~ValidationWriter() = default;
    ValidationWriter(const ValidationWriter&) = delete;
    ValidationWriter& operator=(const ValidationWriter&) = delete;

    virtual std::string begin() { return {}; }
    virtual std::string one(const Validation& validation) = 0;
    virtual std::string end() { return {}; }

protected:
    ValidationWriter() = default;
};

std::unique_ptr<ValidationWriter> validation_writer(ValidationFormat format, ValidationStyle style);

/// One validation as people read it.
Document compose_validation(const Validation& validation, const ComposeOptions& options);

/// One validation as a JSON object without line feed (docs/schema/validate.schema.json).
std::string validation_json(const Validation& validation, bool observations);

/// One cell of a CSV file (RFC 4180): quoted where needed, and with an apostrophe in front of what a
/// spreadsheet would take for a formula.
std::string csv_cell(std::string_view text);

/// "imap mail.example.org:993 tls"
std::string server_text(const ServerSetting& setting);

}  // namespace maildoctor::report
