#include "core/report/clean.h"

namespace maildoctor::report {
namespace {

bool is_mailbox_char(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view(".!#$%&'*+-/=?^_`{|}~").find(c) != std::string_view::npos ||
           static_cast<unsigned char>(c) >= 0x80;
}

bool is_address_char(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F') || c == '.' || c == ':';
}

bool is_word_char(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '_';
}

std::string mask_mailboxes(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool domain_follows = i + 1 < text.size() && (is_word_char(text[i + 1]) || text[i + 1] == '[');
        if (text[i] == '@' && domain_follows) {
            std::size_t start = out.size();
            while (start > 0 && is_mailbox_char(out[start - 1]))
                --start;
            if (start < out.size()) {
                std::size_t keep = 1;
                while (start + keep < out.size() &&
                       (static_cast<unsigned char>(out[start + keep]) & 0xC0U) == 0x80U)
                    ++keep;
                out.resize(start + keep);
                out += "…";
            }
        }
        out += text[i];
    }
    return out;
}

std::string mask_addresses(std::string_view text, const std::set<std::string>& known) {
    std::string out;
    for (std::size_t i = 0; i < text.size();) {
        const bool at_start = i == 0 || !is_word_char(text[i - 1]);
        std::size_t end = i;
        while (end < text.size() && is_address_char(text[end]))
            ++end;
        if (end == i) {
            out += text[i++];
            continue;
        }
        std::string_view token = text.substr(i, end - i);
        while (token.ends_with('.') || (token.ends_with(':') && !token.ends_with("::")))
            token.remove_suffix(1);
        const bool whole = at_start && (end == text.size() || !is_word_char(text[end]));
        const auto address = whole ? IpAddress::from(token) : std::nullopt;
        if (address && !known.contains(address->text())) {
            out += "(address removed)";
            out += text.substr(i + token.size(), end - i - token.size());
        } else {
            out += text.substr(i, end - i);
        }
        i = end;
    }
    return out;
}

}  // namespace

std::string redacted(std::string_view text, const std::set<std::string>& known) {
    return mask_addresses(mask_mailboxes(cleaned(text)), known);
}

std::set<std::string> known_addresses(const Report& report) {
    std::set<std::string> known;
    for (const Finding& finding : report.findings)
        if (finding.subject.address) known.insert(finding.subject.address->text());
    for (const Observation& seen : report.observations) {
        if (seen.subject.address) known.insert(seen.subject.address->text());
        for (const ConnectAttempt& attempt : seen.connects)
            known.insert(attempt.address.text());
        if (seen.dns)
            for (const IpAddress& address : seen.dns->addresses)
                known.insert(address.text());
    }
    return known;
}

}  // namespace maildoctor::report
