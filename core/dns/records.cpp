#include "core/dns/records.h"

#include <algorithm>
#include <array>

#include "core/model/ascii.h"
#include "core/model/hex.h"

namespace maildoctor::dns {
namespace {

void append_octet(std::string& text, char c) {
    const auto value = static_cast<unsigned char>(c);
    if (c == '.' || c == '\\') {
        text += '\\';
        text += c;
    } else if (value > 0x20 && value < 0x7f) {
        text += lower(c);
    } else {
        text += '\\';
        text += static_cast<char>('0' + value / 100);
        text += static_cast<char>('0' + value / 10 % 10);
        text += static_cast<char>('0' + value % 10);
    }
}

std::optional<std::string> name_field(const ldns_rr* record, std::size_t index) {
    const ldns_rdf* data = field(record, index);
    if (data == nullptr || ldns_rdf_get_type(data) != LDNS_RDF_TYPE_DNAME) return std::nullopt;
    return name_text(data);
}

bool read_address(const ldns_rr* record, DnsFacts& facts) {
    const std::string_view bytes = octets(field(record, 0));
    if (bytes.size() == 4) {
        std::array<std::uint8_t, 4> v4{};
        std::ranges::copy(bytes, v4.begin());
        facts.addresses.push_back(IpAddress::v4(v4));
        return true;
    }
    if (bytes.size() == 16) {
        std::array<std::uint8_t, 16> v6{};
        std::ranges::copy(bytes, v6.begin());
        facts.addresses.push_back(IpAddress::v6(v6));
        return true;
    }
    return false;
}

bool read_mx(const ldns_rr* record, DnsFacts& facts) {
    const auto preference = number(record, 0);
    auto exchange = name_field(record, 1);
    if (!preference || !exchange) return false;
    facts.mx.push_back(
        {.preference = static_cast<std::uint16_t>(*preference), .exchange = std::move(*exchange)});
    return true;
}

bool read_srv(const ldns_rr* record, DnsFacts& facts) {
    const auto priority = number(record, 0), weight = number(record, 1), port = number(record, 2);
    auto target = name_field(record, 3);
    if (!priority || !weight || !port || !target) return false;
    facts.srv.push_back({.priority = static_cast<std::uint16_t>(*priority),
                         .weight = static_cast<std::uint16_t>(*weight),
                         .port = static_cast<std::uint16_t>(*port),
                         .target = std::move(*target)});
    return true;
}

bool read_tlsa(const ldns_rr* record, DnsFacts& facts) {
    const auto usage = number(record, 0), selector = number(record, 1), matching = number(record, 2);
    const ldns_rdf* data = field(record, 3);
    if (!usage || !selector || !matching || data == nullptr) return false;
    facts.tlsa.push_back({.usage = static_cast<std::uint8_t>(*usage),
                          .selector = static_cast<std::uint8_t>(*selector),
                          .matching = static_cast<std::uint8_t>(*matching),
                          .data = hex(octets(data))});
    return true;
}

bool read_txt(const ldns_rr* record, DnsFacts& facts) {
    std::string joined;
    for (std::size_t i = 0; i < ldns_rr_rd_count(record); ++i) {
        const std::string_view part = octets(field(record, i));  // a length octet, then the text
        if (part.empty()) return false;
        joined += part.substr(1);
    }
    facts.texts.push_back(std::move(joined));
    return true;
}

bool read_soa(const ldns_rr* record, DnsFacts& facts) {
    auto primary = name_field(record, 0), mailbox = name_field(record, 1);
    const auto serial = number(record, 2), minimum = number(record, 6);
    if (!primary || !mailbox || !serial || !minimum) return false;
    facts.soa = SoaRecord{.primary = std::move(*primary),
                          .mailbox = std::move(*mailbox),
                          .serial = *serial,
                          .minimum = *minimum};
    return true;
}

bool read_target(const ldns_rr* record, DnsFacts& facts) {
    auto target = name_field(record, 0);
    if (target) facts.names.push_back(std::move(*target));
    return target.has_value();
}

}  // namespace

std::string name_text(const ldns_rdf* name) {
    std::string_view wire = octets(name);
    std::string text;
    text.reserve(wire.size());
    while (!wire.empty()) {
        const auto length = static_cast<unsigned char>(wire.front());
        if (length == 0 || length >= wire.size()) break;
        if (!text.empty()) text += '.';
        for (const char c : wire.substr(1, length))
            append_octet(text, c);
        wire.remove_prefix(length + std::size_t{1});
    }
    return text;
}

NameOwner name_from(std::string_view text) {
    std::array<std::uint8_t, LDNS_MAX_DOMAINLEN> wire{};
    std::size_t label = 0, at = 1;  // where the current label's length octet stands, and the next octet
    const auto close_label = [&](bool last) -> bool {
        const std::size_t length = at - label - 1;
        if (length > LDNS_MAX_LABELLEN || length == 0 || at >= wire.size()) return false;
        wire.at(label) = static_cast<std::uint8_t>(length);
        label = at++;
        return last || at < wire.size();
    };
    const auto digit = [](char c) { return c >= '0' && c <= '9'; };
    if (!text.empty() && text.back() == '.' && !text.ends_with("\\.")) text.remove_suffix(1);
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '.') {
            if (!close_label(false)) return nullptr;
            continue;
        }
        char c = text[i];
        if (c == '\\') {
            if (++i == text.size()) return nullptr;
            c = text[i];
            if (digit(c)) {
                if (i + 2 >= text.size() || !digit(text[i + 1]) || !digit(text[i + 2])) return nullptr;
                const int value = (c - '0') * 100 + (text[i + 1] - '0') * 10 + (text[i + 2] - '0');
                if (value > 255) return nullptr;
                c = static_cast<char>(value);
                i += 2;
            }
        }
        if (at >= wire.size()) return nullptr;
        wire.at(at++) = static_cast<std::uint8_t>(lower(c));
    }
    if (!text.empty() && !close_label(true)) return nullptr;
    const std::size_t size = label + 1;  // the root's empty label ends every name
    wire.at(label) = 0;
    return NameOwner(ldns_rdf_new_frm_data(LDNS_RDF_TYPE_DNAME, size, wire.data()));
}

std::string_view parent_of(std::string_view name) noexcept {
    for (std::size_t i = 0; i < name.size(); ++i) {
        if (name[i] == '\\') {
            ++i;  // the next octet, or the first of three digits: no dot that ends a label
        } else if (name[i] == '.') {
            return name.substr(i + 1);
        }
    }
    return {};
}

std::size_t label_count(std::string_view name) noexcept {
    std::size_t count = 0;
    for (; !name.empty(); name = parent_of(name))
        ++count;
    return count;
}

bool is_within(std::string_view name, std::string_view zone) noexcept {
    while (name.size() > zone.size())
        name = parent_of(name);
    return name == zone;
}

bool same_name(const ldns_rdf* a, const ldns_rdf* b) noexcept {
    // Length octets are below 64 and so not touched by lower().
    return std::ranges::equal(octets(a), octets(b), {}, lower, lower);
}

const ldns_rdf* field(const ldns_rr* record, std::size_t index) noexcept {
    return index < ldns_rr_rd_count(record) ? ldns_rr_rdf(record, index) : nullptr;
}

std::optional<std::uint32_t> number(const ldns_rr* record, std::size_t index) noexcept {
    const std::string_view bytes = octets(field(record, index));
    if (bytes.size() != 1 && bytes.size() != 2 && bytes.size() != 4) return std::nullopt;
    std::uint32_t value = 0;
    for (const char c : bytes)
        value = value << 8 | static_cast<unsigned char>(c);
    return value;
}

std::string_view octets(const ldns_rdf* data) noexcept {
    if (data == nullptr || ldns_rdf_data(data) == nullptr) return {};
    return {reinterpret_cast<const char*>(ldns_rdf_data(data)), ldns_rdf_size(data)};
}

bool read_record(const ldns_rr* record, DnsFacts& facts) {
    switch (ldns_rr_get_type(record)) {
        case LDNS_RR_TYPE_A:
        case LDNS_RR_TYPE_AAAA:
            return read_address(record, facts);
        case LDNS_RR_TYPE_MX:
            return read_mx(record, facts);
        case LDNS_RR_TYPE_SRV:
            return read_srv(record, facts);
        case LDNS_RR_TYPE_TLSA:
            return read_tlsa(record, facts);
        case LDNS_RR_TYPE_TXT:
            return read_txt(record, facts);
        case LDNS_RR_TYPE_SOA:
            return read_soa(record, facts);
        case LDNS_RR_TYPE_NS:
        case LDNS_RR_TYPE_PTR:
        case LDNS_RR_TYPE_CNAME:
            return read_target(record, facts);
        case LDNS_RR_TYPE_DS:
        case LDNS_RR_TYPE_DNSKEY:
        case LDNS_RR_TYPE_RRSIG:
            return true;  // judged by the validator, not shown
        default:
            return false;
    }
}

}  // namespace maildoctor::dns
