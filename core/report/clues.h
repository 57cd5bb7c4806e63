// What a pasted text means: text for people, JSON for programs. Nothing is decided here.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "core/knowledge/pack.h"
#include "core/knowledge/texts.h"
#include "core/model/clues.h"

namespace maildoctor::report {

/// How the answer about a text looks.
struct CluesStyle {
    std::string language{"en"};  ///< "en" or "de"; others count as "en"
    std::size_t width{80};       ///< columns of the text form
    std::string pages{};         ///< address of the published documentation; empty: no cause's page is named
    bool share{false};           ///< add the text itself with names and addresses replaced
    std::string today{};         ///< "YYYY-MM-DD", to tell old facts; empty: none counts as old
};

/// Values for the placeholders of texts, from what the pasted text said.
knowledge::Values values_of(const Clues& clues, const knowledge::Pack& pack);

/// One JSON object without a line end (docs/schema/explain.schema.json).
/// @param version the program's
std::string render_clues_json(const Clues& clues, const knowledge::Pack& pack, const CluesStyle& style,
                              std::string_view version);

/// The short form for one line of many: causes and fields alone, without a line end.
/// @param id the JSON value of the line's id
std::string render_clues_line(std::string_view id, const Clues& clues);

/// The answer for people; ends with a line end.
std::string render_clues_text(const Clues& clues, const knowledge::Pack& pack, const CluesStyle& style);

/// A glossary entry as JSON in the form of an answer without causes, or as text; ends with a line end.
std::string render_glossary_json(const knowledge::GlossaryRecord& entry, const knowledge::Pack& pack,
                                 std::string_view version);
std::string render_glossary_text(const knowledge::GlossaryRecord& entry, const knowledge::Pack& pack,
                                 const CluesStyle& style);

}  // namespace maildoctor::report
