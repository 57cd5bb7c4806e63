// Which language a text is in, as far as its small words show.
#pragma once

#include <string>
#include <string_view>

namespace maildoctor::explain {

/// "en", "de", "fr", "es", "it", "pt" or "nl"; empty when too little is there. Looks at the first 400 words.
std::string language_of(std::string_view text);

}  // namespace maildoctor::explain
