#include "core/tls/server_answer.h"

#include <algorithm>
#include <array>

#include "core/tls/cipher_suites.h"

namespace maildoctor::tls {
namespace {

constexpr std::size_t record_header = 5, message_header = 4;
constexpr std::size_t max_record = 16384 + 2048, max_message = 256 * 1024, max_total = 1024 * 1024;
constexpr std::uint8_t alert_record = 21, handshake_record = 22;
constexpr std::uint8_t fatal = 2;
constexpr std::uint16_t supported_versions = 43, key_share = 51;

enum Message : std::uint8_t {
    server_hello = 2,
    new_session_ticket = 4,
    certificate = 11,
    server_key_exchange = 12,
    certificate_request = 13,
    server_hello_done = 14,
    certificate_status = 22,
};

/// The random value that makes a ServerHello a HelloRetryRequest: SHA-256 of "HelloRetryRequest".
constexpr std::array<unsigned char, 32> retry_random = {
    0xcf, 0x21, 0xad, 0x74, 0xe5, 0x9a, 0x61, 0x11, 0xbe, 0x1d, 0x8c, 0x02, 0x1e, 0x65, 0xb8, 0x91,
    0xc2, 0xa2, 0x11, 0x16, 0x7a, 0xbb, 0x8c, 0x5e, 0x07, 0x9e, 0x09, 0xe2, 0xc8, 0xa8, 0x33, 0x9c};

/// Reads numbers off the front; once something was missing, all later reads give nothing.
class Reader {
public:
    explicit Reader(std::string_view octets) : left_(octets) {}

    unsigned u8() {
        const std::string_view one = raw(1);
        return one.empty() ? 0U : static_cast<unsigned char>(one[0]);
    }
    std::uint16_t u16() {
        const unsigned high = u8();
        return static_cast<std::uint16_t>((high << 8U) | u8());
    }
    std::string_view raw(std::size_t size) {
        if (broken_ || size > left_.size()) {
            broken_ = true;
            return {};
        }
        const std::string_view taken = left_.substr(0, size);
        left_.remove_prefix(size);
        return taken;
    }
    std::string_view sized8() { return raw(u8()); }
    std::string_view sized16() { return raw(u16()); }
    bool broken() const noexcept { return broken_; }
    bool empty() const noexcept { return left_.empty(); }

private:
    std::string_view left_;
    bool broken_{false};
};

std::optional<TlsVersion> version_from(std::uint16_t number) {
    if (number < static_cast<std::uint16_t>(TlsVersion::ssl3) ||
        number > static_cast<std::uint16_t>(TlsVersion::tls1_3))
        return std::nullopt;
    return static_cast<TlsVersion>(number);
}

std::unexpected<Failure> no_tls(std::string text) {
    return failed(Stage::tls_handshake, FailureKind::bad_syntax, std::move(text));
}

std::unexpected<Failure> too_large() {
    return failed(Stage::tls_handshake, FailureKind::too_large, "more octets than any handshake needs");
}

int bits_of(std::string_view number) {
    while (!number.empty() && number.front() == '\0')
        number.remove_prefix(1);
    if (number.empty()) return 0;
    int bits = static_cast<int>(number.size() - 1) * 8;
    for (unsigned high = static_cast<unsigned char>(number.front()); high != 0; high >>= 1U)
        ++bits;
    return bits;
}

}  // namespace

bool ServerAnswer::has_extension(std::uint16_t type) const noexcept {
    return std::ranges::find(extensions, type) != extensions.end();
}

Result<bool> ServerAnswerReader::feed(std::string_view bytes) {
    total_ += bytes.size();
    if (total_ > max_total) return too_large();
    records_ += bytes;
    bool more = true;
    while (more) {
        auto done = take_record(more);
        if (!done || *done) return done;
    }
    return false;
}

Result<bool> ServerAnswerReader::take_record(bool& more) {
    more = false;
    if (records_.empty()) return false;
    const auto octet = [this](std::size_t at) { return static_cast<unsigned char>(records_[at]); };
    if ((octet(0) & 0x80U) != 0) return take_ssl2();
    if (octet(0) != alert_record && octet(0) != handshake_record) return no_tls("no TLS record");
    if (records_.size() >= 2 && octet(1) != 3) return no_tls("no TLS record");
    if (records_.size() < record_header) return false;
    const std::size_t size = (std::size_t{octet(3)} << 8U) | octet(4);
    if (size > max_record) return too_large();
    if (size == 0) return no_tls("an empty record");
    if (records_.size() < record_header + size) return false;
    const std::string content = records_.substr(record_header, size);
    const bool is_alert = octet(0) == alert_record;
    records_.erase(0, record_header + size);
    more = true;
    if (!is_alert) {
        messages_ += content;
        return take_messages();
    }
    if (content.size() < 2) return no_tls("an alert that is cut off");
    answer_.alert = Alert{.level = static_cast<std::uint8_t>(content[0]),
                          .description = static_cast<std::uint8_t>(content[1])};
    return answer_.alert->level == fatal;
}

/// SERVER-HELLO of SSL 2: length, type 4, session hit, certificate type, version, three lengths.
Result<bool> ServerAnswerReader::take_ssl2() {
    constexpr std::size_t front = 7;
    constexpr std::uint8_t ssl2_server_hello = 4;
    if (records_.size() >= 3 && static_cast<unsigned char>(records_[2]) != ssl2_server_hello)
        return no_tls("no TLS record");
    if (records_.size() < front) return false;
    if (records_[5] != 0 || records_[6] != 2) return no_tls("no TLS record");
    answer_.version = TlsVersion::ssl2;
    return true;
}

Result<bool> ServerAnswerReader::take_messages() {
    while (messages_.size() >= message_header) {
        Reader head(messages_);
        const auto type = static_cast<std::uint8_t>(head.u8());
        const std::size_t size = (std::size_t{head.u8()} << 16U) | head.u16();
        if (size > max_message) return too_large();
        if (messages_.size() < message_header + size) return false;
        const std::string body = messages_.substr(message_header, size);
        messages_.erase(0, message_header + size);
        auto done = take_message(type, body);
        if (!done || *done) return done;
    }
    return false;
}

Result<bool> ServerAnswerReader::take_message(std::uint8_t type, std::string_view body) {
    if (!answer_.version && type != server_hello) return no_tls("a message before the ServerHello");
    switch (type) {
        case server_hello:
            return take_hello(body);
        case certificate:
            answer_.sent_certificate = true;
            return false;
        case certificate_status:
            answer_.stapled = true;
            return false;
        case server_key_exchange:
            if (!take_key_exchange(body)) return no_tls("a key exchange that cannot be read");
            return true;
        case certificate_request:
        case new_session_ticket:
            return false;
        case server_hello_done:
            return true;
        default:
            return no_tls("an unknown handshake message");
    }
}

Result<bool> ServerAnswerReader::take_hello(std::string_view body) {
    if (answer_.version) return no_tls("a second ServerHello");
    Reader reader(body);
    std::optional<TlsVersion> version = version_from(reader.u16());
    const std::string_view random = reader.raw(retry_random.size());
    answer_.gives_session_id = !reader.sized8().empty();
    answer_.cipher = reader.u16();
    answer_.compression = static_cast<std::uint8_t>(reader.u8());
    if (reader.broken() || !version) return no_tls("a ServerHello that cannot be read");
    Reader extensions(reader.empty() ? std::string_view() : reader.sized16());
    while (!extensions.empty() && !extensions.broken()) {
        const std::uint16_t type = extensions.u16();
        Reader content(extensions.sized16());
        answer_.extensions.push_back(type);
        if (type == supported_versions) version = version_from(content.u16());
        if (type == key_share) answer_.group = content.u16();
    }
    if (reader.broken() || extensions.broken() || !version) return no_tls("extensions that cannot be read");
    answer_.version = version;
    answer_.retry =
        std::ranges::equal(random, retry_random, {}, [](char c) { return static_cast<unsigned char>(c); });
    return version == TlsVersion::tls1_3 || until_ == ReadUntil::hello;
}

/// The group of a ServerKeyExchange (RFC 8422 section 5.4, RFC 5246 section 7.4.3).
bool ServerAnswerReader::take_key_exchange(std::string_view body) {
    constexpr unsigned named_curve = 3;
    Reader reader(body);
    if (uses_ecdhe(answer_.cipher)) {
        if (reader.u8() == named_curve) answer_.group = reader.u16();
        return !reader.broken();
    }
    if (!uses_dhe(answer_.cipher)) return true;  // RSA export and the like: a key of another kind
    answer_.dh_bits = bits_of(reader.sized16());
    return !reader.broken();
}

}  // namespace maildoctor::tls
