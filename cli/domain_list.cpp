#include "cli/domain_list.h"

#include <algorithm>

#include "core/model/text.h"
#include "core/names/email.h"
#include "core/names/names.h"

namespace maildoctor::cli {
namespace {

constexpr std::size_t max_line = 1000, max_shown = 100;  // octets
constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

/// Takes one line off the front; CR, LF and CR LF end it.
std::string_view take_line(std::string_view& bytes) {
    const std::size_t end = bytes.find_first_of("\r\n");
    const std::string_view line = bytes.substr(0, end);
    if (end == std::string_view::npos) {
        bytes = {};
    } else {
        const bool pair = bytes[end] == '\r' && end + 1 < bytes.size() && bytes[end + 1] == '\n';
        bytes.remove_prefix(end + (pair ? 2 : 1));
    }
    return line;
}

}  // namespace

std::optional<EmailAddress> account_from(std::string_view text, std::string& why) {
    if (text.find('@') != std::string_view::npos) {
        auto email = names::parse_email(text);
        if (!email) {
            why = email.error();
            return std::nullopt;
        }
        return std::move(*email);
    }
    auto domain = names::to_host_name(text);
    if (!domain) {
        why = domain.error().text;
        return std::nullopt;
    }
    if (domain->is_literal()) {
        why = "it is an address: give a domain such as example.org";
        return std::nullopt;
    }
    return EmailAddress{.local = "postmaster", .domain = std::move(*domain)};
}

DomainList read_domain_list(std::string_view bytes, const std::unordered_set<std::string>& done,
                            bool with_hosts) {
    DomainList list;
    std::unordered_set<std::string> known;
    if (bytes.starts_with(byte_order_mark)) bytes.remove_prefix(byte_order_mark.size());
    for (std::size_t number = 1; !bytes.empty(); ++number) {
        const std::string_view line = trimmed(take_line(bytes));
        if (line.empty() || line.front() == '#') continue;
        const auto complain = [&](const std::string& why) {
            list.complaints.push_back(std::to_string(number) + ": '" + cleaned(line, max_shown) +
                                      "' is not a domain: " + why);
        };
        if (line.size() > max_line) {
            complain("the line is too long");
            continue;
        }
        const std::size_t gap = line.find_first_of(" \t");
        std::string why;
        auto account = account_from(line.substr(0, gap), why);
        std::optional<HostName> host;
        if (account && gap != std::string_view::npos) {
            if (with_hosts) host = HostName::from(trimmed(line.substr(gap)));
            if (!host) {
                account.reset();
                why = with_hosts ? "a host name may stand behind it, and nothing else" : "one domain a line";
            }
        }
        if (!account) {
            complain(why);
            continue;
        }
        if (!known.insert(account->domain.text()).second) {
            ++list.duplicates;
        } else if (!done.contains(account->domain.text())) {
            list.domains.push_back({.account = std::move(*account), .host = std::move(host)});
        }
    }
    return list;
}

}  // namespace maildoctor::cli
