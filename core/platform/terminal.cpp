#include "core/platform/terminal.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <string>

#include "core/platform/process.h"
#include "core/platform/terminal_size.h"

namespace maildoctor::platform {
namespace {

std::optional<int> columns_variable() {
    const std::string text = environment("COLUMNS").value_or("");
    int columns = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), columns);
    if (error != std::errc{} || end != text.data() + text.size() || columns <= 0) return std::nullopt;
    return columns;
}

bool colours_wanted() {
    const auto no_color = environment("NO_COLOR");
    if (no_color && !no_color->empty()) return false;
    const auto kind = environment("TERM");
    return kind && !kind->empty() && *kind != "dumb";
}

bool locale_is_utf8() {
    for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
        auto value = environment(name);
        if (!value || value->empty()) continue;
        std::ranges::transform(*value, value->begin(),
                               [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
        return value->find("utf-8") != std::string::npos || value->find("utf8") != std::string::npos;
    }
    return false;
}

}  // namespace

Terminal terminal(StandardStream stream) {
    constexpr int narrowest = 20, widest = 1000;
    Terminal out;
    out.is_terminal = is_terminal(stream);
    const int width = terminal_columns(stream).value_or(columns_variable().value_or(out.width));
    out.width = std::clamp(width, narrowest, widest);
    out.colours = out.is_terminal && colours_wanted();
    out.unicode = locale_is_utf8();
    return out;
}

}  // namespace maildoctor::platform
