// Host names, IP addresses and ports in running text.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

namespace maildoctor::explain {

struct Host {
    std::string_view name;
    std::size_t begin, end;
    std::optional<int> port;
    bool web{};     ///< behind http:// or in a path
    bool domain{};  ///< behind '@'
};

/// Every host name and IPv4 address in the text, in order, at most 50.
std::vector<Host> find_hosts(std::string_view text);

/// The port behind ":" at octet `at`; nothing where something else stands there.
std::optional<int> port_at(std::string_view text, std::size_t at);

/// A number between 0 and 65535 at the front of a text that does not go on like a word or a decimal.
std::optional<int> leading_number(std::string_view text);

/// How much a name in a sentence looks like the server that is meant; above 0: it may be.
int server_score(std::string_view text, const Host& host);

}  // namespace maildoctor::explain
