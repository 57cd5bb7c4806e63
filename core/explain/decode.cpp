#include "core/explain/decode.h"

#include <array>
#include <cstdint>

#include "core/model/utf8.h"

namespace maildoctor::explain {
namespace {

std::string from_utf16(std::string_view bytes, bool big_endian) {
    std::string out;
    out.reserve(bytes.size() / 2);
    const auto unit = [&](std::size_t at) {
        const std::uint32_t a = static_cast<unsigned char>(bytes[at]),
                            b = static_cast<unsigned char>(bytes[at + 1]);
        return big_endian ? a << 8 | b : b << 8 | a;
    };
    for (std::size_t at = 0; at + 1 < bytes.size(); at += 2) {
        std::uint32_t point = unit(at);
        if (point >= 0xD800 && point < 0xDC00 && at + 3 < bytes.size()) {
            const std::uint32_t low = unit(at + 2);
            if (low >= 0xDC00 && low < 0xE000) {
                point = 0x10000 + ((point - 0xD800) << 10) + (low - 0xDC00);
                at += 2;
            }
        }
        append_utf8(out, point);
    }
    return out;
}

/// Windows-1252 0x80 … 0x9F.
constexpr std::array<std::uint16_t, 32> windows_1252 = {
    0x20AC, 0xFFFD, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
    0x2039, 0x0152, 0xFFFD, 0x017D, 0xFFFD, 0xFFFD, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0xFFFD, 0x017E, 0x0178};

/// Valid UTF-8 sequences stay; every other octet is read as Windows-1252, so that a mixture is readable too.
std::string from_octets(std::string_view bytes) {
    std::string out;
    out.reserve(bytes.size());
    for (std::size_t at = 0; at < bytes.size();) {
        if (const std::size_t size = first_code_point(bytes.substr(at)).size; size > 0) {
            out.append(bytes.substr(at, size));
            at += size;
            continue;
        }
        const auto octet = static_cast<unsigned char>(bytes[at++]);
        append_utf8(out, octet >= 0xA0 ? octet : windows_1252.at(octet - 0x80U));
    }
    return out;
}

}  // namespace

std::string to_utf8(std::string_view bytes) {
    std::string text;
    if (bytes.starts_with("\xFF\xFE")) {
        text = from_utf16(bytes.substr(2), false);
    } else if (bytes.starts_with("\xFE\xFF")) {
        text = from_utf16(bytes.substr(2), true);
    } else {
        if (bytes.starts_with("\xEF\xBB\xBF")) bytes.remove_prefix(3);
        const std::string_view sample = bytes.substr(0, 400);
        std::size_t even = 0, odd = 0;
        for (std::size_t i = 0; i < sample.size(); ++i) {
            if (sample[i] == '\0') ++(i % 2 == 0 ? even : odd);
        }
        const std::size_t half = sample.size() / 2;
        if (half >= 2 && odd * 10 > half * 7 && even * 10 < half)
            text = from_utf16(bytes, false);
        else if (half >= 2 && even * 10 > half * 7 && odd * 10 < half)
            text = from_utf16(bytes, true);
        else
            text = from_octets(bytes);
    }
    for (char& c : text) {
        if ((static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\r' && c != '\t') || c == 0x7F)
            c = ' ';
    }
    return text;
}

}  // namespace maildoctor::explain
