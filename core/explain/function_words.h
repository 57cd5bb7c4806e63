// Words that say nothing by themselves: articles, pronouns, prepositions, auxiliaries.
#pragma once

#include <string_view>

namespace maildoctor::explain {

/// Whether a folded word (knowledge::WordReader) only holds a sentence together, in one of the seven
/// languages of the lexicon. Words of denial ("not", "kein", "plus") are none of these: they decide what a
/// text says.
bool is_function_word(std::string_view word) noexcept;

}  // namespace maildoctor::explain
