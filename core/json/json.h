// JSON that somebody else wrote: read with bounds into plain values.
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace maildoctor::json {

/// One value. Asking a value for what it is not gives the empty answer, so that a document of another shape
/// reads as one without content.
class Value {
public:
    using Array = std::vector<Value>;
    using Object = std::vector<std::pair<std::string, Value>>;  ///< in the order of the document

    Value() = default;  ///< null
    explicit Value(bool value) : content_(value) {}
    explicit Value(std::int64_t value) : content_(value) {}
    explicit Value(double value) : content_(value) {}
    explicit Value(std::string value) : content_(std::move(value)) {}
    explicit Value(Array value) : content_(std::move(value)) {}
    explicit Value(Object value) : content_(std::move(value)) {}

    bool is_null() const noexcept { return std::holds_alternative<std::monostate>(content_); }
    bool is_object() const noexcept { return std::holds_alternative<Object>(content_); }
    bool is_text() const noexcept { return std::holds_alternative<std::string>(content_); }

    /// The text; empty for anything else. As written: not cleaned.
    const std::string& text() const noexcept;
    /// The whole number; `otherwise` for anything else.
    std::int64_t integer(std::int64_t otherwise = 0) const noexcept;
    /// The truth value; false for anything else.
    bool boolean() const noexcept;
    /// The elements of an array; none for anything else.
    const Array& array() const noexcept;
    /// The members of an object; none for anything else.
    const Object& object() const noexcept;
    /// The last member with this name, as most readers take it; null where there is none.
    const Value& operator[](std::string_view name) const noexcept;
    /// The same without regard to the case of ASCII letters.
    const Value& any_case(std::string_view name) const noexcept;

private:
    std::variant<std::monostate, bool, std::int64_t, double, std::string, Array, Object> content_;
};

struct Limits {
    std::size_t octets{std::size_t{16} << 20U};
    std::size_t depth{64};        ///< of arrays and objects within each other
    std::size_t values{500'000};  ///< all values of the document together
};

/// Reads one JSON text (RFC 8259).
/// @param bytes from anybody
/// @return the value, or what is wrong in a few words ("is not JSON", "is nested too deep", …)
std::expected<Value, std::string> read(std::string_view bytes, const Limits& limits = {});

}  // namespace maildoctor::json
