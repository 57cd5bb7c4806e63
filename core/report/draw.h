// Drawing a composed document. Whoever has a Document can show it; what stands in it is decided elsewhere.
#pragma once

#include <string>
#include <string_view>

#include "core/report/document.h"
#include "core/report/render.h"

namespace maildoctor::report {

/// On a terminal of `style.width` columns.
std::string draw_text(const Document& document, const TextStyle& style);

/// One page that stands alone: no script, no foreign resource, a policy that forbids both.
std::string draw_html(const Document& document);

/// The same in parts, for several documents on one page.
std::string html_head(std::string_view title, Language language);
std::string html_body(const Document& document);
std::string html_foot();

}  // namespace maildoctor::report
