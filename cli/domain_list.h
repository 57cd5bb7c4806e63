// A list of domains, one a line.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "core/model/host_name.h"
#include "core/model/report.h"

namespace maildoctor::cli {

struct ListedDomain {
    EmailAddress account;
    std::optional<HostName> host{};  ///< the line's second column
};

struct DomainList {
    std::vector<ListedDomain> domains{};    ///< each domain once, in the order of the list
    std::size_t duplicates{};               ///< lines left out, because the domain came before
    std::vector<std::string> complaints{};  ///< "12: 'foo bar' is not a domain: …", one a broken line
};

/// Reads a list: a domain or an e-mail address a line; lines that are empty or begin with '#' say nothing. A
/// byte order mark and any line ends are taken.
/// @param done domains (A-labels) that are left out
/// @param with_hosts a host name may follow after a blank or a tab
DomainList read_domain_list(std::string_view bytes, const std::unordered_set<std::string>& done,
                            bool with_hosts);

/// A domain, or an e-mail address in it, as typed; for a domain alone the account is "postmaster".
/// @return nothing with a reason in `why`
std::optional<EmailAddress> account_from(std::string_view text, std::string& why);

}  // namespace maildoctor::cli
