#include "core/protocol/service.h"

#include <algorithm>
#include <cstddef>

#include "core/model/ascii.h"
#include "core/model/text.h"

namespace maildoctor::protocol {
namespace {

bool starts_with_word(std::string_view text, std::string_view word) noexcept {
    return text.size() >= word.size() && same_word(text.substr(0, word.size()), word);
}

bool holds_word(std::string_view text, std::string_view word) noexcept {
    for (std::size_t i = 0; i + word.size() <= text.size(); ++i) {
        if (same_word(text.substr(i, word.size()), word)) return true;
    }
    return false;
}

/// A line that starts with a reply code may be SMTP, FTP or NNTP.
Service by_code(std::string_view line) noexcept {
    const std::string_view code = line.substr(0, 3);
    if (code == "200" || code == "201") return Service::nntp;
    const bool mail = holds_word(line, "SMTP") || holds_word(line, "mail");
    if (!mail && (holds_word(line, "FTP") || code == "530")) return Service::ftp;
    if (!mail && (holds_word(line, "NNTP") || code == "502")) return Service::nntp;
    return Service::smtp;
}

}  // namespace

bool is_tls_record(std::string_view octets) noexcept {
    return octets.size() >= 5 && octets[0] >= 0x14 && octets[0] <= 0x17 && octets[1] == 0x03 &&
           octets[2] >= 0x00 && octets[2] <= 0x04;
}

bool is_tls_alert(std::string_view octets) noexcept {
    return is_tls_record(octets) && octets[0] == 0x15;
}

Service recognise_service(std::string_view first_octets) noexcept {
    constexpr std::size_t enough = 512;
    if (is_tls_record(first_octets)) return Service::tls;
    std::string_view text = first_octets.substr(0, enough);
    text = text.substr(std::min(text.find_first_not_of(" \t\r\n"), text.size()));
    const std::string_view line = text.substr(0, std::min(text.find('\n'), text.size()));
    if (starts_with_word(line, "* OK") || starts_with_word(line, "* PREAUTH") ||
        starts_with_word(line, "* BYE") || starts_with_word(line, "* BAD") || starts_with_word(line, "* NO"))
        return Service::imap;
    if (starts_with_word(line, "+OK") || starts_with_word(line, "-ERR")) return Service::pop3;
    if (line.starts_with("SSH-")) return Service::ssh;
    if (line.starts_with("HTTP/") || starts_with_word(line, "<!doctype html") ||
        starts_with_word(line, "<html"))
        return Service::http;
    if (line.size() >= 3 && line[0] >= '2' && line[0] <= '5' && is_digit(line[1]) && is_digit(line[2]) &&
        (line.size() == 3 || line[3] == ' ' || line[3] == '-' || line[3] == '*' || line[3] == '\r'))
        return by_code(line);
    return Service::unknown;
}

}  // namespace maildoctor::protocol
