// Writes JSON (RFC 8259) in one pass, members in the order in which they are given.
#pragma once

#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace maildoctor::report {

/// Every text goes through `cleaned`, so that the output is valid and harmless for any input. Calls must nest
/// properly: begin/end in pairs, and a key before each member of an object.
class JsonWriter {
public:
    JsonWriter& begin_object() { return open('{'); }
    JsonWriter& end_object() { return close('}'); }
    JsonWriter& begin_array() { return open('['); }
    JsonWriter& end_array() { return close(']'); }
    JsonWriter& key(std::string_view name);

    JsonWriter& text(std::string_view value);
    /// Like `text`, of several lines: line feeds stay what they are.
    /// @param limit octets of a line at most
    JsonWriter& lines(std::string_view value, std::size_t limit);
    /// A finished JSON value, as it stands.
    JsonWriter& value(std::string_view json);
    /// Text of our own, octet for octet: a file that was made. Must be UTF-8; control characters are escaped.
    JsonWriter& verbatim(std::string_view value);
    JsonWriter& number(std::int64_t value);
    JsonWriter& boolean(bool value);
    JsonWriter& null();

    JsonWriter& member(std::string_view name, std::string_view value) { return key(name).text(value); }
    JsonWriter& member(std::string_view name, const char* value) { return key(name).text(value); }
    JsonWriter& member(std::string_view name, bool value) { return key(name).boolean(value); }
    JsonWriter& member(std::string_view name, std::integral auto value) {
        return key(name).number(static_cast<std::int64_t>(value));
    }
    JsonWriter& member(std::string_view name, const std::vector<std::string>& values);
    /// Leaves the member out when there is nothing to say.
    JsonWriter& member_if_set(std::string_view name, std::string_view value) {
        return value.empty() ? *this : member(name, value);
    }
    JsonWriter& member_if_set(std::string_view name, const std::vector<std::string>& values) {
        return values.empty() ? *this : member(name, values);
    }

    /// The document; the writer is empty afterwards.
    std::string take();

private:
    JsonWriter& open(char bracket);
    JsonWriter& close(char bracket);
    void before_value();

    std::string out_;
    bool needs_comma_{false};
};

}  // namespace maildoctor::report
