#include "core/model/ip_address.h"

#include <algorithm>
#include <cstddef>

namespace maildoctor {
namespace {

std::optional<std::uint8_t> decimal_octet(std::string_view digits) {
    if (digits.empty() || digits.size() > 3 || (digits.size() > 1 && digits.front() == '0'))
        return std::nullopt;
    int value = 0;
    for (const char c : digits) {
        if (c < '0' || c > '9') return std::nullopt;
        value = value * 10 + (c - '0');
    }
    if (value > 255) return std::nullopt;
    return static_cast<std::uint8_t>(value);
}

std::optional<std::array<std::uint8_t, 4>> parse_v4(std::string_view text) {
    std::array<std::uint8_t, 4> bytes{};
    for (std::size_t i = 0; i < 4; ++i) {
        const std::size_t dot = text.find('.');
        if ((i < 3) == (dot == std::string_view::npos)) return std::nullopt;
        const auto octet = decimal_octet(text.substr(0, dot));
        if (!octet) return std::nullopt;
        bytes.at(i) = *octet;
        text = i < 3 ? text.substr(dot + 1) : std::string_view{};
    }
    return bytes;
}

std::optional<int> hex_group(std::string_view digits) {
    if (digits.empty() || digits.size() > 4) return std::nullopt;
    int value = 0;
    for (const char c : digits) {
        const int digit = c >= '0' && c <= '9'   ? c - '0'
                          : c >= 'a' && c <= 'f' ? c - 'a' + 10
                          : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                                 : -1;
        if (digit < 0) return std::nullopt;
        value = value * 16 + digit;
    }
    return value;
}

/// Reads groups separated by single colons into `out`, starting at `at`; the last may be dotted decimal.
bool parse_groups(std::string_view text, std::array<std::uint8_t, 16>& out, std::size_t& at) {
    if (text.empty()) return true;
    while (true) {
        const std::size_t colon = text.find(':');
        const std::string_view group = text.substr(0, colon);
        if (colon == std::string_view::npos && group.find('.') != std::string_view::npos) {
            const auto v4 = parse_v4(group);
            if (!v4 || at + 4 > 16) return false;
            std::ranges::copy(*v4, out.begin() + static_cast<std::ptrdiff_t>(at));
            at += 4;
            return true;
        }
        const auto value = hex_group(group);
        if (!value || at + 2 > 16) return false;
        out.at(at++) = static_cast<std::uint8_t>(*value >> 8);
        out.at(at++) = static_cast<std::uint8_t>(*value & 0xff);
        if (colon == std::string_view::npos) return true;
        text = text.substr(colon + 1);
    }
}

std::optional<std::array<std::uint8_t, 16>> parse_v6(std::string_view text) {
    if (text.size() > 45) return std::nullopt;
    std::array<std::uint8_t, 16> head{};
    const std::size_t gap = text.find("::");
    std::size_t head_size = 0;
    if (gap == std::string_view::npos) {
        if (!parse_groups(text, head, head_size) || head_size != 16) return std::nullopt;
        return head;
    }
    std::array<std::uint8_t, 16> tail{};
    std::size_t tail_size = 0;
    if (!parse_groups(text.substr(0, gap), head, head_size)) return std::nullopt;
    if (!parse_groups(text.substr(gap + 2), tail, tail_size)) return std::nullopt;
    if (head_size + tail_size > 14) return std::nullopt;
    std::copy_n(tail.begin(), tail_size, head.end() - static_cast<std::ptrdiff_t>(tail_size));
    return head;
}

std::string v6_text(const std::array<std::uint8_t, 16>& bytes) {
    std::array<int, 8> groups{};
    for (std::size_t i = 0; i < 8; ++i)
        groups.at(i) = bytes.at(2 * i) * 256 + bytes.at(2 * i + 1);
    std::size_t best = 8, best_length = 1;  // a single zero group is not shortened (RFC 5952 section 4.2.2)
    for (std::size_t i = 0; i < 8; ++i) {
        std::size_t length = 0;
        while (i + length < 8 && groups.at(i + length) == 0)
            ++length;
        if (length > best_length) {
            best = i;
            best_length = length;
        }
    }
    static constexpr std::string_view hex = "0123456789abcdef";
    std::string text;
    for (std::size_t i = 0; i < 8; ++i) {
        if (i == best) {
            text += "::";
            i += best_length - 1;
            continue;
        }
        if (!text.empty() && text.back() != ':') text += ':';
        bool started = false;
        for (int shift = 12; shift >= 0; shift -= 4) {
            const int digit = (groups.at(i) >> shift) & 0xf;
            started = started || digit != 0 || shift == 0;
            if (started) text += hex.at(static_cast<std::size_t>(digit));
        }
    }
    return text;
}

}  // namespace

IpAddress IpAddress::v4(const std::array<std::uint8_t, 4>& bytes) noexcept {
    IpAddress address;
    std::ranges::copy(bytes, address.bytes_.begin());
    return address;
}

IpAddress IpAddress::v6(const std::array<std::uint8_t, 16>& bytes) noexcept {
    IpAddress address;
    address.v4_ = false;
    address.bytes_ = bytes;
    return address;
}

std::optional<IpAddress> IpAddress::from(std::string_view text) {
    if (const auto four = parse_v4(text)) return v4(*four);
    if (text.find(':') == std::string_view::npos) return std::nullopt;
    if (const auto six = parse_v6(text)) return v6(*six);
    return std::nullopt;
}

std::string_view IpAddress::bytes() const noexcept {
    return {reinterpret_cast<const char*>(bytes_.data()), v4_ ? std::size_t{4} : std::size_t{16}};
}

bool IpAddress::is_loopback() const noexcept {
    if (v4_) return bytes_[0] == 127;
    return std::all_of(bytes_.begin(), bytes_.end() - 1, [](std::uint8_t b) { return b == 0; }) &&
           bytes_[15] == 1;
}

bool IpAddress::is_link_local() const noexcept {
    if (v4_) return bytes_[0] == 169 && bytes_[1] == 254;
    return bytes_[0] == 0xfe && (bytes_[1] & 0xc0) == 0x80;
}

bool IpAddress::is_private() const noexcept {
    if (!v4_) return (bytes_[0] & 0xfe) == 0xfc;
    return bytes_[0] == 10 || (bytes_[0] == 172 && (bytes_[1] & 0xf0) == 16) ||
           (bytes_[0] == 192 && bytes_[1] == 168) || (bytes_[0] == 100 && (bytes_[1] & 0xc0) == 64);
}

bool IpAddress::is_unspecified() const noexcept {
    return std::ranges::all_of(bytes_, [](std::uint8_t b) { return b == 0; });
}

std::string IpAddress::text() const {
    if (!v4_) return v6_text(bytes_);
    std::string text;
    for (std::size_t i = 0; i < 4; ++i) {
        if (i > 0) text += '.';
        text += std::to_string(bytes_.at(i));
    }
    return text;
}

std::string IpAddress::reverse_name() const {
    std::string name;
    if (v4_) {
        for (std::size_t i = 4; i-- > 0;)
            name += std::to_string(bytes_.at(i)) + '.';
        return name + "in-addr.arpa";
    }
    static constexpr std::string_view hex = "0123456789abcdef";
    for (std::size_t i = 16; i-- > 0;) {
        name += hex.at(bytes_.at(i) & 0xf);
        name += '.';
        name += hex.at(bytes_.at(i) >> 4);
        name += '.';
    }
    return name + "ip6.arpa";
}

}  // namespace maildoctor
