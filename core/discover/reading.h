// What the readers of the three formats share. For the sources of this room only.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/model/publication.h"
#include "core/model/report.h"
#include "core/xml/xml.h"

namespace maildoctor::discover {

using xml::Element;

PublishedDocument read_autoconfig(const Element& root, const EmailAddress& email);
PublishedDocument read_autodiscover(const Element& root, const EmailAddress& email);
PublishedDocument read_mobileconfig(const Element& root, const EmailAddress& email);

/// One line from the document, made safe to show.
std::string shown(std::string_view text);

/// A fault at the place of an element.
DocumentFault fault_at(const Element& place, std::string kind, std::string element, std::string text,
                       std::vector<std::string> dropped_by = {});

/// A host name as mail programs take it: letters, digits and hyphens inside labels, or an address literal.
/// Blanks around it are dropped. Stricter than HostName: no underscore, no hyphen at the edge of a label.
std::optional<HostName> strict_host(std::string_view text);

/// TLS or STARTTLS, as the port stands for it (993, 995, 465: TLS; 143, 110, 25, 587: STARTTLS; others: TLS).
Security encrypted_on(Port port) noexcept;

}  // namespace maildoctor::discover
