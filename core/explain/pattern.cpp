#include "core/explain/pattern.h"

#include <re2/re2.h>

#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>

namespace maildoctor::explain {

bool pattern_holds(std::string_view pattern, std::string_view text) {
    static std::mutex guard;
    static std::unordered_map<std::string, std::unique_ptr<re2::RE2>> compiled;
    const std::lock_guard<std::mutex> lock(guard);
    auto& regex = compiled[std::string(pattern)];
    if (!regex) {
        re2::RE2::Options options;
        options.set_case_sensitive(false);
        options.set_log_errors(false);
        options.set_max_mem(1 << 20);
        regex = std::make_unique<re2::RE2>(re2::StringPiece(pattern.data(), pattern.size()), options);
    }
    return regex->ok() && re2::RE2::PartialMatch(re2::StringPiece(text.data(), text.size()), *regex);
}

}  // namespace maildoctor::explain
