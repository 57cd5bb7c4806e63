// What `maildoctor explain` prints: text for people, JSON for programs.
#pragma once

#include <cstdio>
#include <string>
#include <string_view>

#include "core/knowledge/pack.h"
#include "core/knowledge/texts.h"
#include "core/model/clues.h"

namespace maildoctor::cli {

struct OutputOptions {
    std::string language{"en"};
    int width{80};
    bool share{false};
};

/// Values for the placeholders of texts, from what the pasted text said.
knowledge::Values values_of(const Clues& clues, const knowledge::Pack& pack);

/// One JSON object without a line end. @param batch_id {"id":…} in front instead of version and texts
std::string clues_as_json(const Clues& clues, const knowledge::Pack& pack, const OutputOptions& options);
std::string clues_as_batch_line(std::string_view id_json, const Clues& clues);

/// The answer for people; ends with a line end.
std::string clues_as_text(const Clues& clues, const knowledge::Pack& pack, const OutputOptions& options);

/// Breaks a paragraph into lines of at most `width` columns; later lines are indented. Control characters go.
std::string wrapped(std::string_view text, int width, std::string_view first_indent, std::string_view indent);

}  // namespace maildoctor::cli
