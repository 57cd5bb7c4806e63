// The computer's own table of host names, which programs look at before they ask DNS.
#pragma once

#include <compare>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "core/model/ip_address.h"

namespace maildoctor::platform {

/// A parsed hosts(5) file.
class HostsFile {
public:
    HostsFile() = default;
    /// Lines "ADDRESS NAME ALIAS… # comment". Lines without an address or name are skipped.
    static HostsFile parse(std::string_view text);

    /// The addresses of a name (any case), in the order of the file; empty when the name is not in it.
    std::vector<IpAddress> addresses_of(std::string_view name) const;
    bool empty() const noexcept { return entries_.empty(); }

private:
    struct Entry {
        std::string name;
        std::size_t position;  // in the file
        IpAddress address;
        friend auto operator<=>(const Entry&, const Entry&) = default;
    };
    std::vector<Entry> entries_;  // sorted by name, those of one name in file order
};

/// The hosts file of this computer; empty when there is none or it cannot be read.
HostsFile hosts_file();

}  // namespace maildoctor::platform
