// XML from strangers as a small tree with positions. Entities are never expanded, nothing is ever fetched.
#pragma once

#include <cstddef>
#include <expected>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace maildoctor::xml {

inline constexpr std::size_t max_document = 1U << 20U;  // octets
inline constexpr std::size_t max_depth = 64;            // elements within elements
inline constexpr std::size_t max_elements = 50'000;

struct Element {
    std::string name{};  ///< without namespace prefix
    std::vector<std::pair<std::string, std::string>> attributes{};
    std::string text{};  ///< the character data directly inside, without that of children
    std::vector<Element> children{};
    std::size_t line{}, column{};  ///< of its start tag, from 1

    /// The first child of this name, or nullptr.
    const Element* child(std::string_view wanted) const noexcept;
    /// The attribute's value, or nullptr.
    const std::string* attribute(std::string_view wanted) const noexcept;
};

struct XmlFault {
    std::string kind{};  ///< "not-well-formed", "truncated", "forbidden-entity", "too-large", "too-deep"
    std::size_t line{}, column{};
    std::string text{};  ///< one line, cleaned
};

/// Reads a whole document.
/// @param bytes at most max_document; any encoding that expat knows (UTF-8, UTF-16, ISO-8859-1, US-ASCII)
/// @return the root element. Faults: "truncated" when it ends before the root element does, "not-well-formed"
///         for other syntax faults, "forbidden-entity" for a document type that declares entities,
///         "too-large" and "too-deep" when a bound is exceeded
std::expected<Element, XmlFault> parse_xml(std::string_view bytes);

}  // namespace maildoctor::xml
