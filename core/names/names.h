// Host names as people type them, and the domain that somebody registered.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/model/host_name.h"
#include "core/model/result.h"

namespace maildoctor::names {

/// Reads a host name, domain or address literal as it was typed: blanks around it, one final dot, capitals
/// and full-width dots are accepted; names outside ASCII become A-labels (IDNA2008 with the mapping of UTS
/// #46, non-transitional: "straße" stays different from "strasse").
/// @param text UTF-8
/// @return bad_syntax with one clear line in `text` when it is no host name
Result<HostName> to_host_name(std::string_view text);

/// The name for people: A-labels as Unicode, unchanged where they are not valid.
std::string to_unicode(const HostName& name);

/// Whether every computer means itself by this name: localhost and names below it (RFC 6761 section 6.3).
bool means_this_computer(const HostName& name) noexcept;

/// The domain that its owner registered: "example.co.uk" for "mail.example.co.uk", after the Public Suffix
/// List with its private part, so that customers of one hosting company stay apart ("user.github.io"). A
/// domain that is itself such a private suffix ("github.io") is its own registered domain: it can have mail.
/// @return never a name above the registered one; nothing for public suffixes, single labels and address
/// literals
std::optional<HostName> registered_domain(const HostName& name);

}  // namespace maildoctor::names
