#include "core/protocol/sasl_encoding.h"

#include <algorithm>
#include <array>
#include <utility>

namespace maildoctor::protocol {
namespace {

constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::uint8_t not_base64 = 0xFF;

constexpr std::array<std::uint8_t, 256> make_values() {
    std::array<std::uint8_t, 256> values{};
    values.fill(not_base64);
    for (std::size_t i = 0; i < alphabet.size(); ++i)
        values[static_cast<unsigned char>(alphabet[i])] = static_cast<std::uint8_t>(i);
    return values;
}
constexpr std::array<std::uint8_t, 256> values = make_values();

constexpr std::uint32_t octet(char c) noexcept {
    return static_cast<unsigned char>(c);
}

/// The size is reserved before, so that no copy of a part stays behind in memory that was given back.
std::string encode(std::string_view in) {
    std::string out;
    out.reserve((in.size() + 2) / 3 * 4);
    for (std::size_t i = 0; i < in.size(); i += 3) {
        const std::size_t left = in.size() - i;
        const std::uint32_t group = (octet(in[i]) << 16U) | (left > 1 ? octet(in[i + 1]) << 8U : 0U) |
                                    (left > 2 ? octet(in[i + 2]) : 0U);
        out += alphabet[group >> 18U];
        out += alphabet[(group >> 12U) & 63U];
        out += left > 1 ? alphabet[(group >> 6U) & 63U] : '=';
        out += left > 2 ? alphabet[group & 63U] : '=';
    }
    return out;
}

std::string gs2_name(std::string_view user) {
    std::string out;
    for (const char c : user) {
        if (c == ',')
            out += "=2C";
        else if (c == '=')
            out += "=3D";
        else
            out += c;
    }
    return out;
}

bool fits_quoted(std::string_view text) {
    return std::ranges::all_of(text, [](char c) { return octet(c) >= 0x20 && octet(c) < 0x7F; });
}

std::string quoted(std::string_view text) {
    std::string out;
    out.reserve(2 * text.size() + 2);
    out += '"';
    for (const char c : text) {
        if (c == '"' || c == '\\') out += '\\';
        out += c;
    }
    out += '"';
    return out;
}

}  // namespace

std::string base64(std::string_view octets) {
    return encode(octets);
}

Secret base64_secret(const Secret& octets) {
    return Secret(encode(octets.reveal()));
}

std::optional<std::string> from_base64(std::string_view text, std::size_t limit) {
    if (text.size() % 4 != 0 || text.size() / 4 > limit / 3 + 1) return std::nullopt;
    std::size_t padding = 0;
    while (padding < 2 && text.ends_with('=')) {
        text.remove_suffix(1);
        ++padding;
    }
    std::string out;
    out.reserve(text.size() / 4 * 3 + 2);
    std::uint32_t bits = 0;
    unsigned held = 0;
    for (const char c : text) {
        const std::uint8_t value = values[octet(c)];
        if (value == not_base64) return std::nullopt;
        bits = ((bits << 6U) | value) & 0xFFFFU;
        held += 6;
        if (held >= 8) {
            held -= 8;
            out += static_cast<char>((bits >> held) & 0xFFU);
        }
    }
    const bool unused_are_zero = (bits & ((1U << held) - 1U)) == 0;
    if (held >= 6 || !unused_are_zero || out.size() > limit) return std::nullopt;
    return out;
}

Secret joined_secret(std::string_view before, const Secret& middle, std::string_view after) {
    const std::string_view secret = middle.reveal();
    std::string out;
    out.reserve(before.size() + secret.size() + after.size());
    out.append(before).append(secret).append(after);
    return Secret(std::move(out));
}

Secret plain_message(std::string_view user, const Secret& password) {
    std::string before(1, '\0');
    before.append(user).append(1, '\0');
    return joined_secret(before, password, {});
}

Secret xoauth2_message(std::string_view user, const Secret& token) {
    std::string before = "user=";
    before.append(user).append(
        "\x01"
        "auth=Bearer ");
    return joined_secret(before, token, "\x01\x01");
}

Secret oauthbearer_message(std::string_view user, std::string_view host, std::uint16_t port,
                           const Secret& token) {
    std::string before = "n,a=" + gs2_name(user) + ",\x01host=";
    before.append(host)
        .append("\x01port=")
        .append(std::to_string(port))
        .append(
            "\x01"
            "auth=Bearer ");
    return joined_secret(before, token, "\x01\x01");
}

std::optional<Secret> imap_quoted(const Secret& text) {
    if (!fits_quoted(text.reveal())) return std::nullopt;
    return Secret(quoted(text.reveal()));
}

std::optional<std::string> imap_quoted(std::string_view text) {
    if (!fits_quoted(text)) return std::nullopt;
    return quoted(text);
}

}  // namespace maildoctor::protocol
