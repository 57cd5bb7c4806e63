// What every reading of a settings document must keep to, whatever the octets are.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "core/discover/document.h"
#include "tests/support/parser_properties.h"

namespace maildoctor::testing {

inline void check_document(DocumentFormat format, const std::uint8_t* data, std::size_t size) {
    const std::string_view input(reinterpret_cast<const char*>(data), size);
    const EmailAddress email{.local = "user%EMAILDOMAIN%", .domain = *HostName::from("example.test")};
    const PublishedDocument document = discover::read_document(format, input, email);
    require(document.readable || !document.faults.empty(), "what cannot be read has a fault that says why");
    require(document.readable || (document.settings.incoming.empty() && document.settings.outgoing.empty()),
            "nothing is taken from what cannot be read");
    for (const auto* side : {&document.settings.incoming, &document.settings.outgoing}) {
        for (const ServerSetting& server : *side) {
            require((role_of(server.protocol) == Role::incoming) == (side == &document.settings.incoming),
                    "servers stand on their side");
            require(input.size() >= 32, "nothing is invented");
        }
    }
    for (const DocumentFault& fault : document.faults) {
        require(!fault.kind.empty() && !fault.text.empty(), "a fault has a kind and a text");
        require(fault.text.size() < 1000 && fault.element.size() <= 200, "texts are bounded");
        require(fault.text.find('\n') == std::string::npos && fault.text.find('\x1B') == std::string::npos,
                "texts are safe to show");
        require((fault.line == 0) == (fault.column == 0), "a place has a line and a column");
    }
}

}  // namespace maildoctor::testing
