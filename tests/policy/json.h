// JSON files of test data as plain values. Apart from the tests, because Poco's macros do not go with the
// precompiled header of the test framework.
#pragma once

#include <map>
#include <string>
#include <vector>

namespace maildoctor::testing {

/// A value of any kind; what does not apply is empty. Numbers and booleans are their text.
struct Json {
    std::string text{};
    std::vector<Json> items{};
    std::map<std::string, Json> members{};
    bool is_array{false};

    bool has(const std::string& name) const { return members.contains(name); }
    /// An empty value when there is no such member.
    const Json& operator[](const std::string& name) const;
    std::vector<std::string> texts() const;
};

/// Throws when the file cannot be read or is no JSON.
Json read_json(const std::string& path);

}  // namespace maildoctor::testing
