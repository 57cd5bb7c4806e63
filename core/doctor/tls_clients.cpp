#include "core/doctor/tls_clients.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "core/tls/cipher_suites.h"

namespace maildoctor::doctor {
namespace {

/// In the order of knowledge::TlsClientRecord::oldest and newest.
constexpr std::array versions = {TlsVersion::tls1_0, TlsVersion::tls1_1, TlsVersion::tls1_2,
                                 TlsVersion::tls1_3};

TlsVersion version_at(std::uint32_t index) {
    return versions[std::min<std::size_t>(index, versions.size() - 1)];
}

tls::ClientHello hello_of(const knowledge::Pack& pack, const knowledge::TlsClientRecord& client) {
    tls::ClientHello hello{.newest = version_at(client.newest),
                           .session_ticket = client.tickets != 0,
                           .extended_master_secret = client.extended_master_secret != 0};
    for (const std::string& name : pack.strings(client.ciphers))
        if (const std::uint16_t code = tls::suite_code(name); code != 0) hello.ciphers.push_back(code);
    for (const std::string& name : pack.strings(client.groups))
        if (const std::uint16_t code = tls::group_code(name); code != 0) hello.groups.push_back(code);
    for (const std::string& text : pack.strings(client.signatures)) {
        std::uint16_t code = 0;
        std::from_chars(text.data(), text.data() + text.size(), code, 16);
        hello.signature_algorithms.push_back(code);
    }
    if (client.sni != 0) hello.server_name = "?";  // the survey puts the server's name in its place
    if (hello.newest == TlsVersion::tls1_3) {
        for (std::uint32_t v = client.newest + 1; v-- > client.oldest;)
            hello.supported_versions.push_back(version_at(v));
        if (std::ranges::find(hello.groups, tls::x25519) != hello.groups.end()) hello.key_share = tls::x25519;
    }
    return hello;
}

}  // namespace

std::vector<tls::ClientTemplate> tls_clients(const knowledge::Pack& pack) {
    std::vector<tls::ClientTemplate> clients;
    using knowledge::Section;
    for (const auto& client : pack.all<knowledge::TlsClientRecord>(Section::tls_clients)) {
        clients.push_back({.id = std::string(pack.text(client.id)),
                           .name = std::string(pack.text(client.name)),
                           .program = std::string(pack.text(client.program)),
                           .hello = hello_of(pack, client),
                           .least_dh = static_cast<int>(client.least_dh),
                           .most_dh = static_cast<int>(client.most_dh)});
    }
    return clients;
}

}  // namespace maildoctor::doctor
