// A report as a neutral document: what stands where is decided once, and text, Markdown and HTML only draw
// it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/model/report.h"
#include "core/report/phrases.h"

namespace maildoctor::report {

/// What a line is about; drawn as symbol and colour beside words that say the same.
enum class Mark : std::uint8_t { none, problem, warning, note, good, unknown };

struct Item {
    std::string label{};  ///< may be empty
    std::string text{};
    bool verbatim{false};  ///< somebody else's words or measured facts, shown as they are
};

struct Block {
    enum class Kind : std::uint8_t {
        verdict,
        finding,
        subject,
        heading,
        paragraph,
        bullets,
        steps,
        table,
        code,  ///< lines of a file, as they are
    };
    Kind kind{Kind::paragraph};
    Mark mark{Mark::none};
    std::string text{};
    std::string label{};                           ///< of a finding: "Problem", "Warning", "Note"
    std::vector<Item> items{};                     ///< of bullets and steps
    std::vector<std::vector<std::string>> rows{};  ///< of a table; the first row is its head
};

struct Document {
    std::string title{};
    Language language{Language::english};
    std::vector<Block> blocks{};
};

struct ComposeOptions {
    Language language{Language::english};
    bool verbose{false};  ///< every question with its answer, references, who was told what
    bool redact{false};   ///< mask mailbox names and foreign addresses in evidence
    bool files{false};    ///< what could be published stands there in full
    std::vector<Block> instead_of_settings{};  ///< shown where else the working settings stand
};

/// Orders a report for people. All texts in it are cleaned.
Document compose(const Report& report, const ComposeOptions& options);

/// "IMAP mail.example.test:993 [192.0.2.7] (SSL/TLS)"; empty when the subject says nothing.
std::string subject_text(const Subject& subject, Language language);

}  // namespace maildoctor::report
