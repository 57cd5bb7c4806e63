#include "core/names/names.h"

#include <idn2.h>
#include <libpsl.h>

#include <algorithm>
#include <memory>

namespace maildoctor::names {
namespace {

struct Idn2Free {
    void operator()(void* p) const noexcept { idn2_free(p); }
};

std::unexpected<Failure> bad(std::string why) {
    return failed(Stage::local, FailureKind::bad_syntax, std::move(why));
}

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view blank = " \t\r\n\v\f";
    const std::size_t begin = text.find_first_not_of(blank);
    if (begin == std::string_view::npos) return {};
    return text.substr(begin, text.find_last_not_of(blank) - begin + 1);
}

bool is_ascii(std::string_view text) {
    return std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

/// Why HostName::from() refused an ASCII name, as far as it is worth saying.
std::string fault_of(std::string_view name) {
    if (name.empty()) return "the host name is empty";
    const auto bad_octet = std::ranges::find_if(name, [](char c) {
        return !((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
                 c == '_' || c == '.');
    });
    if (bad_octet != name.end()) {
        const bool shown = *bad_octet > 0x20 && *bad_octet < 0x7f;
        return shown ? std::string("a host name cannot contain '") + *bad_octet + "'"
                     : "a host name cannot contain blanks or control characters";
    }
    if (name.find("..") != std::string_view::npos || name.front() == '.')
        return "a part of the host name between two dots is empty";
    if (name.size() > 253) return "the host name is longer than 253 characters";
    return "this is not a host name";
}

}  // namespace

Result<HostName> to_host_name(std::string_view text) {
    constexpr std::size_t longest = 1024;  // far above any name in UTF-8; libidn2 need not see more
    const std::string_view name = trimmed(text);
    if (name.size() > longest) return bad("the host name is longer than 253 characters");
    if (is_ascii(name)) {
        if (auto host = HostName::from(name)) return *host;
        return bad(fault_of(name));
    }
    std::uint8_t* raw = nullptr;
    const std::string copy(name);  // ends with NUL; embedded ones cannot be in a name
    if (copy.find('\0') != std::string::npos)
        return bad("a host name cannot contain blanks or control characters");
    const int status = idn2_lookup_u8(reinterpret_cast<const std::uint8_t*>(copy.c_str()), &raw,
                                      IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL);
    const std::unique_ptr<std::uint8_t, Idn2Free> ascii(raw);
    if (status != IDN2_OK) return bad("this is not a valid internationalised name");
    const std::string_view mapped(reinterpret_cast<const char*>(raw));
    if (auto host = HostName::from(mapped)) return *host;
    return bad(fault_of(mapped));
}

std::string to_unicode(const HostName& name) {
    if (name.text().find("xn--") == std::string::npos) return name.text();
    char* raw = nullptr;
    const int status = idn2_to_unicode_8z8z(name.text().c_str(), &raw, 0);
    const std::unique_ptr<char, Idn2Free> unicode(raw);
    return status == IDN2_OK ? std::string(raw) : name.text();
}

bool means_this_computer(const HostName& name) noexcept {
    const std::string_view text = name.text();
    return text == "localhost" || text == "localhost.localdomain" || text.ends_with(".localhost");
}

std::optional<HostName> registered_domain(const HostName& name) {
    if (name.is_literal()) return std::nullopt;
    const psl_ctx_t* list = psl_builtin();
    if (list == nullptr)
        return name.parent() ? std::optional(name)
                             : std::nullopt;  // built without a list: do not rise at all
    if (const char* domain = psl_registrable_domain(list, name.text().c_str())) return HostName::from(domain);
    const bool icann_suffix = psl_is_public_suffix2(list, name.text().c_str(), PSL_TYPE_ICANN) == 1;
    if (icann_suffix || !name.parent()) return std::nullopt;
    return name;  // a private suffix
}

}  // namespace maildoctor::names
