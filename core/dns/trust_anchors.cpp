#include "core/dns/trust_anchors.h"

#include <algorithm>
#include <array>

#include "core/dns/records.h"
#include "core/dns/trust_anchors_set.h"
#include "core/platform/file.h"

namespace maildoctor::dns {
namespace {

constexpr std::size_t max_file = 256 * 1024;
constexpr const char* debian_root_keys = "/usr/share/dns/root.key";  // package dns-root-data

// data.iana.org/root-anchors: the keys of 2017 and 2024.
constexpr std::array root_keys = {
    ". 172800 IN DNSKEY 257 3 8 "
    "AwEAAaz/tAm8yTn4Mfeh5eyI96WSVexTBAvkMgJzkKTOiW1vkIbzxeF3+/"
    "4RgWOq7HrxRixHlFlExOLAJr5emLvN7SWXgnLh4+B5xQlNVz8Og8kvArMtNROxVQuCaSnIDdD5"
    "LKyWbRd2n9WGe2R8PzgCmr3EgVLrjyBxWezF0jLHwVN8efS3rCj/EWgvIWgb9tarpVUDK/"
    "b58Da+sqqls3eNbuv7pr+eoZG+SrDK6nWeL3c6H5Apxz7LjVc1uTIdsIXxuOLY"
    "A4/ilBmSVIzuDWfdRUfhHdY6+cn8HFRm+2hM8AnXGXws9555KrUB5qihylGa8subX2Nn6UwNR1AkUTV74bU=",
    ". 172800 IN DNSKEY 257 3 8 "
    "AwEAAa96jeuknZlaeSrvyAJj6ZHv28hhOKkx3rLGXVaC6rXTsDc449/"
    "cidltpkyGwCJNnOAlFNKF2jBosZBU5eeHspaQWOmOElZsjICMQMC3aeHbGiShvZsx4wMYSjH8e7Vr"
    "hbu6irwCzVBApESjbUdpWWmEnhathWu1jo+siFUiRAAxm9qyJNg/wOZqqzL/dL/q8PkcRU5oUKEpUge71M3ej2/"
    "7CPqpdVwuMoTvoB+ZOT4YeGyxMvHmbrxlFzGOHOijtzN+"
    "u1TQNatX2XBuzZNQ1K+s2CXkPIZo7s6JgZyvaBevYtxPvYLw4z9mR7K2vaF18UYH9Z9GNUUeayffKC73PYc=",
};

RecordOwner record_from(const std::string& line) {
    constexpr std::uint32_t ttl = 172800;
    ldns_rr* record = nullptr;
    if (ldns_rr_new_frm_str(&record, line.c_str(), ttl, nullptr, nullptr) != LDNS_STATUS_OK) return nullptr;
    return RecordOwner(record);
}

bool is_anchor(const ldns_rr* record) {
    const ldns_rr_type type = ldns_rr_get_type(record);
    if (type == LDNS_RR_TYPE_DS) return ldns_rr_rd_count(record) == 4;
    return type == LDNS_RR_TYPE_DNSKEY && ldns_rr_rd_count(record) == 4;
}

/// The line without comment and blanks at its ends.
std::string content_of(std::string_view line) {
    line = line.substr(0, line.find(';'));
    constexpr std::string_view blank = " \t\r";
    const std::size_t begin = line.find_first_not_of(blank);
    if (begin == std::string_view::npos) return {};
    return std::string(line.substr(begin, line.find_last_not_of(blank) - begin + 1));
}

TrustAnchorsPtr built_in() {
    auto anchors = std::make_shared<TrustAnchors>();
    for (const char* key : root_keys)
        anchors->add(record_from(key));
    return anchors;
}

}  // namespace

std::optional<std::string> TrustAnchors::zone_above(std::string_view name) const {
    std::optional<std::string> deepest;
    for (std::size_t i = 0; i < count(); ++i) {
        std::string zone = name_text(ldns_rr_owner(ldns_rr_list_rr(records_.get(), i)));
        if (is_within(name, zone) && (!deepest || zone.size() > deepest->size())) deepest = std::move(zone);
    }
    return deepest;
}

std::expected<TrustAnchorsPtr, std::string> parse_trust_anchors(std::string_view text) {
    auto anchors = std::make_shared<TrustAnchors>();
    for (int number = 1; !text.empty(); ++number) {
        const std::string_view line = text.substr(0, text.find('\n'));
        text.remove_prefix(std::min(line.size() + 1, text.size()));
        const std::string content = content_of(line);
        if (content.empty()) continue;
        RecordOwner record = record_from(content);
        if (!record || !is_anchor(record.get()))
            return std::unexpected("line " + std::to_string(number) + " is no DS or DNSKEY record");
        anchors->add(std::move(record));
    }
    if (anchors->count() == 0) return std::unexpected("there is no DS or DNSKEY record in it");
    return anchors;
}

std::expected<TrustAnchorsPtr, std::string> read_trust_anchors(const std::filesystem::path& file) {
    const auto text = platform::read_file(file, max_file);
    if (!text) return std::unexpected(text.error());
    auto anchors = parse_trust_anchors(*text);
    if (!anchors) return std::unexpected(file.string() + ": " + anchors.error());
    return anchors;
}

TrustAnchorsPtr default_trust_anchors() {
    if (auto installed = read_trust_anchors(debian_root_keys)) return *installed;
    return built_in();
}

}  // namespace maildoctor::dns
