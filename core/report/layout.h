// Lines of text on a terminal: UTF-8 code points, how many columns they take, and where to break.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace maildoctor::report {

/// Columns that `text` takes on a terminal: 2 for East Asian wide characters and emoji, 0 for combining
/// marks.
std::size_t columns(std::string_view text) noexcept;

/// Breaks `text` into lines of at most `width` columns, each ended by a line feed. The first line starts with
/// `first`, the others with `next`. A word that is wider than the room left for it is broken, too.
std::string wrapped(std::string_view text, std::size_t width, std::string_view first, std::string_view next);

}  // namespace maildoctor::report
