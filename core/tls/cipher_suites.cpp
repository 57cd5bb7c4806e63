#include "core/tls/cipher_suites.h"

#include <algorithm>
#include <array>
#include <cstdio>

namespace maildoctor::tls {
namespace {

constexpr auto suites = std::to_array<CipherSuite>({
#include "core/tls/cipher_suites.inc"
});

constexpr auto known_groups = std::to_array<Group>({
    {0x11ec, "X25519MLKEM768"},
    {0x001d, "X25519"},
    {0x0017, "P-256"},
    {0x0018, "P-384"},
    {0x0019, "P-521"},
    {0x001e, "X448"},
    {0x11eb, "SecP256r1MLKEM768"},
    {0x11ed, "SecP384r1MLKEM1024"},
    {0x0100, "ffdhe2048"},
    {0x0101, "ffdhe3072"},
    {0x0102, "ffdhe4096"},
    {0x0103, "ffdhe6144"},
    {0x0104, "ffdhe8192"},
    {0x0016, "secp256k1"},
    {0x001a, "brainpoolP256r1"},
    {0x001b, "brainpoolP384r1"},
    {0x001c, "brainpoolP512r1"},
    {0x001f, "brainpoolP256r1tls13"},
    {0x0020, "brainpoolP384r1tls13"},
    {0x0021, "brainpoolP512r1tls13"},
    {0x0015, "secp224r1"},
    {0x0014, "secp224k1"},
    {0x0013, "secp192r1"},
    {0x0012, "secp192k1"},
    {0x0010, "secp160r1"},
    {0x0011, "secp160r2"},
    {0x000f, "secp160k1"},
    {0x000e, "sect571r1"},
    {0x000d, "sect571k1"},
    {0x000c, "sect409r1"},
    {0x000b, "sect409k1"},
    {0x000a, "sect283r1"},
    {0x0009, "sect283k1"},
    {0x0008, "sect239k1"},
    {0x0007, "sect233r1"},
    {0x0006, "sect233k1"},
    {0x0005, "sect193r2"},
    {0x0004, "sect193r1"},
    {0x0003, "sect163r2"},
    {0x0002, "sect163r1"},
    {0x0001, "sect163k1"},
});

bool has_any(std::string_view name, std::initializer_list<std::string_view> words) noexcept {
    return std::ranges::any_of(
        words, [&](std::string_view word) { return name.find(word) != std::string_view::npos; });
}

bool of_tls_1_3(std::uint16_t code) noexcept {
    return (code >> 8U) == 0x13;
}

CipherStrength strength_of(const CipherSuite& suite) noexcept {
    const std::string_view name = suite.name;
    if (has_any(name, {"NULL", "_anon_", "EXPORT", "_DES_", "DES40", "RC2"})) return CipherStrength::broken;
    if (has_any(name, {"RC4", "3DES", "IDEA", "SEED", "MD5"})) return CipherStrength::weak;
    const bool fresh = of_tls_1_3(suite.code) || uses_ecdhe(suite.code) || uses_dhe(suite.code);
    const bool authenticated = has_any(name, {"GCM", "CCM", "CHACHA20"});
    return fresh && authenticated ? CipherStrength::good : CipherStrength::old;
}

const CipherSuite* find_suite(std::uint16_t code) noexcept {
    const auto found = std::ranges::find(suites, code, &CipherSuite::code);
    return found == suites.end() ? nullptr : &*found;
}

std::string number_text(std::uint16_t code) {
    std::array<char, 8> text{};
    std::snprintf(text.data(), text.size(), "0x%04x", static_cast<unsigned>(code));
    return text.data();
}

}  // namespace

std::span<const CipherSuite> cipher_suites() noexcept {
    return suites;
}

std::vector<std::uint16_t> suites_for(TlsVersion version) {
    std::vector<std::uint16_t> codes;
    for (const CipherSuite& suite : suites) {
        if (of_tls_1_3(suite.code) == (version == TlsVersion::tls1_3)) codes.push_back(suite.code);
    }
    return codes;
}

CipherSeen cipher_seen(std::uint16_t code) {
    const CipherSuite* suite = find_suite(code);
    if (suite == nullptr) return {.code = code, .name = number_text(code), .strength = CipherStrength::weak};
    return {.code = code, .name = std::string(suite->name), .strength = strength_of(*suite)};
}

std::uint16_t suite_code(std::string_view name) noexcept {
    const auto found = std::ranges::find(suites, name, &CipherSuite::name);
    return found == suites.end() ? std::uint16_t{0} : found->code;
}

bool uses_ecdhe(std::uint16_t code) noexcept {
    const CipherSuite* suite = find_suite(code);
    return suite != nullptr && has_any(suite->name, {"ECDHE_", "ECDH_anon"});
}

bool uses_dhe(std::uint16_t code) noexcept {
    const CipherSuite* suite = find_suite(code);
    return suite != nullptr && has_any(suite->name, {"_DHE_", "_DH_anon"});
}

std::span<const Group> groups() noexcept {
    return known_groups;
}

std::string group_name(std::uint16_t code) {
    const auto found = std::ranges::find(known_groups, code, &Group::code);
    return found == known_groups.end() ? number_text(code) : std::string(found->name);
}

std::uint16_t group_code(std::string_view name) noexcept {
    const auto found = std::ranges::find(known_groups, name, &Group::name);
    return found == known_groups.end() ? std::uint16_t{0} : found->code;
}

}  // namespace maildoctor::tls
