#include "core/discover/document.h"

#include <algorithm>
#include <array>
#include <utility>

#include "core/discover/pacc.h"
#include "core/discover/reading.h"
#include "core/model/text.h"

namespace maildoctor::discover {
namespace {

constexpr std::size_t max_shown = 200;  // octets

/// The programs that read a format at all; none of them takes a file that is not well-formed.
std::vector<std::string> readers_of(DocumentFormat format) {
    switch (format) {
        case DocumentFormat::autoconfig:
            return {"thunderbird", "k9", "deltachat"};
        case DocumentFormat::autodiscover:
            return {"outlook", "thunderbird", "deltachat"};
        case DocumentFormat::mobileconfig:
            return {"apple-mail"};
        case DocumentFormat::pacc:
            break;  // no program of today reads it
    }
    return {};
}

/// Delta Chat's reader does not notice the missing end, and the K-9 family refuses references to entities
/// that a document type declares.
std::vector<std::string> dropped_for(DocumentFormat format, const xml::XmlFault& fault) {
    std::vector<std::string> programs = readers_of(format);
    if (fault.kind == "truncated") std::erase(programs, "deltachat");
    if (fault.kind == "forbidden-entity" && format == DocumentFormat::autoconfig) return {"k9"};
    if (fault.kind == "too-large" || fault.kind == "too-deep" || fault.kind == "forbidden-entity") return {};
    return programs;
}

PublishedDocument unreadable(DocumentFormat format, xml::XmlFault fault) {
    PublishedDocument document{.readable = false};
    std::vector<std::string> programs = dropped_for(format, fault);
    document.faults.push_back({.kind = std::move(fault.kind),
                               .line = fault.line,
                               .column = fault.column,
                               .dropped_by = std::move(programs),
                               .text = std::move(fault.text)});
    return document;
}

/// The profile inside a signed one (CMS keeps the octets as they are), else `bytes`.
std::string_view unsigned_profile(std::string_view bytes) {
    constexpr std::string_view end = "</plist>";
    if (!bytes.starts_with('\x30')) return bytes;
    const std::size_t from = bytes.find("<?xml"), to = bytes.rfind(end);
    if (from == std::string_view::npos || to == std::string_view::npos || to < from) return bytes;
    return bytes.substr(from, to + end.size() - from);
}

std::size_t blanks_before_declaration(std::string_view bytes) {
    const std::size_t at = bytes.find_first_not_of(" \t\r\n");
    return at != std::string_view::npos && bytes.substr(at).starts_with("<?xml") ? at : 0;
}

PublishedDocument read_tree(DocumentFormat format, const Element& root, const EmailAddress& email) {
    switch (format) {
        case DocumentFormat::autoconfig:
            return read_autoconfig(root, email);
        case DocumentFormat::autodiscover:
            return read_autodiscover(root, email);
        case DocumentFormat::mobileconfig:
        case DocumentFormat::pacc:  // no XML: read_document() does not come here
            break;
    }
    return read_mobileconfig(root, email);
}

bool is_label(std::string_view label) {
    const auto is_alnum = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    };
    return !label.empty() && label.size() <= 63 && is_alnum(label.front()) && is_alnum(label.back()) &&
           std::ranges::all_of(label, [&](char c) { return is_alnum(c) || c == '-'; });
}

}  // namespace

std::string shown(std::string_view text) {
    return cleaned(trimmed(text), max_shown);
}

DocumentFault fault_at(const Element& place, std::string kind, std::string element, std::string text,
                       std::vector<std::string> dropped_by) {
    return {.kind = std::move(kind),
            .element = cleaned(element, max_shown),
            .line = place.line,
            .column = place.column,
            .dropped_by = std::move(dropped_by),
            .text = std::move(text)};
}

std::optional<HostName> strict_host(std::string_view text) {
    text = trimmed(text);
    auto host = HostName::from(text);
    if (!host || host->is_literal()) return host;
    std::string_view rest = host->text();
    while (true) {
        const std::size_t dot = rest.find('.');
        if (!is_label(rest.substr(0, dot))) return std::nullopt;
        if (dot == std::string_view::npos) return host;
        rest.remove_prefix(dot + 1);
    }
}

Security encrypted_on(Port port) noexcept {
    const auto custom = custom_of(port);
    return custom ? custom->security : Security::tls;
}

std::string fill_placeholders(std::string_view text, const EmailAddress& email) {
    const std::array<std::pair<std::string_view, std::string>, 3> values = {
        {{"%EMAILADDRESS%", email.text()},
         {"%EMAILLOCALPART%", email.local},
         {"%EMAILDOMAIN%", email.domain.text()}}};
    std::string out;
    while (!text.empty()) {
        const auto hit =
            std::ranges::find_if(values, [&](const auto& value) { return text.starts_with(value.first); });
        if (hit != values.end()) {
            out += hit->second;
            text.remove_prefix(hit->first.size());
        } else {
            out += text.front();
            text.remove_prefix(1);
        }
    }
    return out;
}

PublishedDocument read_document(DocumentFormat format, std::string_view bytes, const EmailAddress& email) {
    if (format == DocumentFormat::pacc) return read_pacc(bytes, email);
    if (format == DocumentFormat::mobileconfig) bytes = unsigned_profile(bytes);
    const std::size_t blanks = blanks_before_declaration(bytes);
    const auto lines = static_cast<std::size_t>(std::ranges::count(bytes.substr(0, blanks), '\n'));
    auto tree = xml::parse_xml(bytes.substr(blanks));
    if (!tree) {
        xml::XmlFault fault = std::move(tree).error();
        if (fault.line != 0) fault.line += lines;
        return unreadable(format, std::move(fault));
    }
    PublishedDocument document = read_tree(format, *tree, email);
    if (blanks != 0) {
        for (DocumentFault& fault : document.faults)
            if (fault.line != 0) fault.line += lines;
        std::vector<std::string> programs = readers_of(format);
        std::erase(programs, "deltachat");  // takes it
        document.faults.insert(document.faults.begin(),
                               DocumentFault{.kind = "not-well-formed",
                                             .line = 1,
                                             .column = 1,
                                             .dropped_by = std::move(programs),
                                             .text = "something stands before the XML declaration"});
    }
    return document;
}

}  // namespace maildoctor::discover
