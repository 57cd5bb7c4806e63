// What every parser that takes values off the front of received octets must keep to, for fuzz targets and
// tests.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <string_view>

#include "core/model/result.h"

namespace maildoctor::testing {

/// Ends the process with a line that says which property does not hold, so that a fuzzer keeps the input.
inline void require(bool holds, const char* property) {
    if (holds) return;
    std::fprintf(stderr, "property does not hold: %s\n", property);
    std::abort();
}

/// Parses the front of `input` and checks: it takes octets or asks for more or fails, never two of these;
/// what it leaves is the end of what it got; feeding octet by octet decides the same as giving all at once,
/// at the last octet of the value.
/// @return the value, when there is one
template <class T>
std::optional<T> check_parser(Result<std::optional<T>> (*parser)(std::string_view&), std::string_view input) {
    std::string_view rest = input;
    const auto whole = parser(rest);
    const bool took = whole && *whole;
    require(took || rest == input, "octets are taken with a value only");
    require(!took || rest.size() < input.size(), "a value takes octets");
    require(rest.data() + rest.size() == input.data() + input.size(), "what is left is the end of the input");

    const std::size_t end = took ? input.size() - rest.size() : input.size();
    const std::size_t step =
        std::max<std::size_t>(1, end / 256);  // long inputs are sampled: parsing them anew is quadratic
    for (std::size_t size = 0; size < end; size = size + step) {
        std::string_view part = input.substr(0, size);
        const auto partial = parser(part);
        if (partial) {
            require(!*partial, "no value before its last octet");
            continue;
        }
        require(!whole && partial.error().kind == whole.error().kind,
                "an early failure is the failure of the whole");
        return std::nullopt;
    }
    if (!took) return std::nullopt;
    std::string_view exact = input.substr(0, end);
    const auto again = parser(exact);
    require(again && *again && **again == **whole && exact.empty(),
            "a value does not depend on what follows");
    return **whole;
}

/// Takes values until more octets are needed or the input fails.
template <class T, class Check>
void check_stream(Result<std::optional<T>> (*parser)(std::string_view&), std::string_view input,
                  Check check) {
    while (const auto value = check_parser(parser, input)) {
        check(*value);
        (void)parser(input);
    }
}

}  // namespace maildoctor::testing
