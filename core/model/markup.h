// Text inside XML and HTML.
#pragma once

#include <string>
#include <string_view>

namespace maildoctor {

/// `text` as it may stand between tags and inside quoted attributes of XML and HTML: & < > " and ' as
/// references. Control characters are not touched: clean text from outside first.
std::string markup_escaped(std::string_view text);

}  // namespace maildoctor
