// The renderers: one Report in, bytes out. They decide nothing; what is wrong was decided by `diagnose`.
// All of them clean text that came from outside once more, whatever was done to it before.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "core/model/report.h"

namespace maildoctor::report {

/// How text for people looks.
struct TextStyle {
    std::size_t width{80};       ///< columns; values below 40 count as 40
    bool colour{false};          ///< ANSI colours; never the only carrier of a meaning
    bool unicode{true};          ///< symbols and bullets beyond ASCII
    std::string language{"en"};  ///< "en" or "de"; others count as "en"
    bool verbose{false};         ///< every observation, references and transcripts too
};

/// The report as one JSON object with a final line feed, format version 1 (docs/schema/report.schema.json).
/// Always valid UTF-8 and valid JSON, free of control characters, whatever servers sent.
std::string render_json(const Report& report);

/// For people: what is wrong, why we think so, what to do now, what works, what was checked and what could
/// not be. No line is wider than `style.width` but those of files to copy.
std::string render_text(const Report& report, const TextStyle& style);

/// A ticket: the same content as Markdown, with mailbox names and foreign addresses in the evidence masked.
std::string render_markdown(const Report& report, std::string_view language);

/// One self-contained page: no script, no reference to anything outside, a content security policy that says
/// so.
std::string render_html(const Report& report, std::string_view language);

/// A plain text to send to whoever must act, with the evidence masked like a ticket's.
/// @return nothing when there is no problem or when the user alone can mend it
std::optional<std::string> render_message(const Report& report, std::string_view language);

}  // namespace maildoctor::report
