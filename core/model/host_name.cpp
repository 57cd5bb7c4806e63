#include "core/model/host_name.h"

#include <algorithm>
#include <cstddef>

namespace maildoctor {
namespace {

constexpr std::size_t max_name = 253, max_label = 63;  // RFC 1035 section 2.3.4

bool label_is_good(std::string_view label) {
    if (label.empty() || label.size() > max_label || label.front() == '-' || label.back() == '-')
        return false;
    return std::ranges::all_of(label, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    });
}

bool all_digits(std::string_view text) {
    return std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

std::optional<HostName> HostName::from(std::string_view text) {
    if (text.size() > 2 && text.front() == '[' && text.back() == ']') {
        text = text.substr(1, text.size() - 2);
        const auto address = IpAddress::from(text);
        if (!address) return std::nullopt;
        return HostName(address->text());
    }
    if (const auto address = IpAddress::from(text)) return HostName(address->text());
    if (!text.empty() && text.back() == '.') text.remove_suffix(1);
    if (text.empty() || text.size() > max_name) return std::nullopt;
    std::string name(text);
    std::ranges::transform(name, name.begin(),
                           [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    std::string_view rest = name;
    while (true) {
        const std::size_t dot = rest.find('.');
        if (!label_is_good(rest.substr(0, dot))) return std::nullopt;
        if (dot == std::string_view::npos) break;
        rest = rest.substr(dot + 1);
    }
    if (all_digits(rest)) return std::nullopt;  // 192.0.2.300 is a mistyped address, never a name
    return HostName(std::move(name));
}

std::optional<HostName> HostName::parent() const {
    const std::size_t dot = text_.find('.');
    if (dot == std::string::npos || is_literal()) return std::nullopt;
    return HostName(text_.substr(dot + 1));
}

bool HostName::is_within(const HostName& zone) const noexcept {
    const std::string_view name = text_;
    if (name == zone.text_) return true;
    return name.size() > zone.text_.size() && name.ends_with(zone.text_) &&
           name[name.size() - zone.text_.size() - 1] == '.';
}

}  // namespace maildoctor
