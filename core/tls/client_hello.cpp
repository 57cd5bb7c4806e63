#include "core/tls/client_hello.h"

#include <algorithm>
#include <utility>

namespace maildoctor::tls {
namespace {

constexpr std::uint8_t handshake_record = 22, client_hello_message = 1;
constexpr std::uint16_t renegotiation_scsv = 0x00ff, fallback_scsv = 0x5600;

enum Extension : std::uint16_t {
    server_name = 0,
    supported_groups = 10,
    ec_point_formats = 11,
    signature_algorithms = 13,
    extended_master_secret = 23,
    session_ticket = 35,
    supported_versions = 43,
    psk_key_exchange_modes = 45,
    key_share = 51,
};

/// Puts numbers into octets, high octet first.
class Octets {
public:
    Octets& u8(unsigned value) {
        text_ += static_cast<char>(static_cast<unsigned char>(value));
        return *this;
    }
    Octets& u16(unsigned value) { return u8((value >> 8U) & 0xffU).u8(value & 0xffU); }
    Octets& raw(std::string_view octets) {
        text_ += octets;
        return *this;
    }
    /// A vector with its length in one, two or three octets before it.
    Octets& sized8(std::string_view octets) { return u8(static_cast<unsigned>(octets.size())).raw(octets); }
    Octets& sized16(std::string_view octets) { return u16(static_cast<unsigned>(octets.size())).raw(octets); }
    Octets& sized24(std::string_view octets) {
        return u8((static_cast<unsigned>(octets.size()) >> 16U) & 0xffU)
            .u16(static_cast<unsigned>(octets.size()) & 0xffffU)
            .raw(octets);
    }
    std::string take() { return std::move(text_); }

private:
    std::string text_;
};

template <class Number>
std::string numbers(const std::vector<Number>& values) {
    Octets out;
    for (const Number value : values)
        out.u16(static_cast<unsigned>(value));
    return out.take();
}

std::string_view octets_of(const std::array<std::uint8_t, 32>& random) {
    return {reinterpret_cast<const char*>(random.data()), random.size()};
}

std::string versions_extension(const ClientHello& hello) {
    return Octets().sized8(numbers(hello.supported_versions)).take();
}

std::string key_share_extension(const ClientHello& hello) {
    Octets shares;
    if (hello.key_share != 0) shares.u16(hello.key_share).sized16(octets_of(hello.random));
    return Octets().sized16(shares.take()).take();
}

std::string server_name_extension(const std::string& name) {
    constexpr unsigned host_name = 0;
    return Octets().sized16(Octets().u8(host_name).sized16(name).take()).take();
}

std::string extensions_of(const ClientHello& hello) {
    Octets all;
    const auto add = [&all](Extension type, std::string_view content) { all.u16(type).sized16(content); };
    if (!hello.server_name.empty()) add(server_name, server_name_extension(hello.server_name));
    if (!hello.groups.empty()) {
        add(supported_groups, Octets().sized16(numbers(hello.groups)).take());
        if (hello.point_formats) add(ec_point_formats, Octets().sized8(std::string_view("\0", 1)).take());
    }
    if (!hello.signature_algorithms.empty())
        add(signature_algorithms, Octets().sized16(numbers(hello.signature_algorithms)).take());
    if (hello.extended_master_secret) add(extended_master_secret, {});
    if (hello.session_ticket) add(session_ticket, {});
    if (hello.newest == TlsVersion::tls1_3) {
        add(supported_versions, versions_extension(hello));
        add(psk_key_exchange_modes, Octets().sized8("\x01").take());
        add(key_share, key_share_extension(hello));
    }
    return all.take();
}

/// What the record and the message say as version: TLS 1.3 hides behind 1.2 (RFC 8446 section 4.1.2).
unsigned legacy_version(TlsVersion version) {
    return static_cast<unsigned>(std::min(version, TlsVersion::tls1_2));
}

}  // namespace

std::string client_hello_record(const ClientHello& hello) {
    std::vector<std::uint16_t> ciphers = hello.ciphers;
    if (hello.renegotiation_info && hello.newest != TlsVersion::tls1_3) ciphers.push_back(renegotiation_scsv);
    if (hello.fallback_scsv) ciphers.push_back(fallback_scsv);
    Octets body;
    body.u16(legacy_version(hello.newest)).raw(octets_of(hello.random));
    // TLS 1.3 looks like a resumption to devices on the way (RFC 8446 section D.4).
    body.sized8(hello.newest == TlsVersion::tls1_3 ? octets_of(hello.random) : std::string_view());
    body.sized16(numbers(ciphers));
    body.sized8(std::string(hello.compressions.begin(), hello.compressions.end()));
    if (const std::string extensions = extensions_of(hello); !extensions.empty()) body.sized16(extensions);
    const std::string message = Octets().u8(client_hello_message).sized24(body.take()).take();
    const unsigned record_version = static_cast<unsigned>(std::min(hello.newest, TlsVersion::tls1_0));
    return Octets().u8(handshake_record).u16(record_version).sized16(message).take();
}

std::string ssl2_client_hello(const std::array<std::uint8_t, 32>& random) {
    // RC4, RC4 export, RC2, RC2 export, IDEA, DES, 3DES, in three octets each.
    static constexpr std::array<unsigned, 7> kinds = {0x010080, 0x020080, 0x030080, 0x040080,
                                                      0x050080, 0x060040, 0x0700c0};
    constexpr std::size_t challenge = 16;
    Octets ciphers;
    for (const unsigned kind : kinds)
        ciphers.u8(kind >> 16U).u16(kind & 0xffffU);
    const std::string specs = ciphers.take();
    Octets body;
    body.u8(client_hello_message).u16(static_cast<unsigned>(TlsVersion::ssl2));
    body.u16(static_cast<unsigned>(specs.size())).u16(0).u16(challenge);
    body.raw(specs).raw(octets_of(random).substr(0, challenge));
    const std::string message = body.take();
    return Octets().u16(0x8000U | static_cast<unsigned>(message.size())).raw(message).take();
}

const std::vector<std::uint16_t>& usual_signature_algorithms() {
    static const std::vector<std::uint16_t> algorithms = {
        0x0403, 0x0503, 0x0603, 0x0807, 0x0808, 0x0809, 0x080a, 0x080b, 0x0804, 0x0805,
        0x0806, 0x0401, 0x0501, 0x0601, 0x0303, 0x0301, 0x0203, 0x0201, 0x0402, 0x0202};
    return algorithms;
}

}  // namespace maildoctor::tls
