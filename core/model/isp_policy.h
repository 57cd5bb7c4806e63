// What a provider demands of its own domains, line by line.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace maildoctor {

/// What can be demanded.
enum class IspRule : std::uint8_t {
    tls_minimum,          ///< no published server offers an older version
    tls_from_start,       ///< every published server speaks TLS from the first octet
    encryption_required,  ///< no server is published without encryption
    plaintext_login,      ///< whether a login is offered before encryption
    imap,                 ///< published or not
    pop3,                 ///< imap and pop3 = false: nor does one answer at the usual ports
    submission,
    srv,  ///< whether this source publishes something
    autoconfig,
    autodiscover,
    pacc,
    sources_agree,     ///< no two sources contradict each other
    everything_works,  ///< every published server works
    ipv6,              ///< every published server has an IPv6 address
    dnssec,            ///< the addresses of every published server are signed
    certificate_days,  ///< days that every certificate must still hold
    mechanisms,        ///< login methods that every published server offers
    mechanisms_off,    ///< login methods that none offers
    user_name,         ///< the form that every source publishes, e.g. %EMAILADDRESS%
    hosts,             ///< the only servers that may be published; "*.example.org": any name below
    spf,               ///< a record that receivers take
    spf_all,           ///< how it ends, or stricter
    dkim,              ///< selectors that have a good key
    dmarc,             ///< the policy that applies, or a stricter one
    dmarc_reports,     ///< somebody gets aggregate reports
    mta_sts,           ///< the mode of a policy that is good and covers every exchanger, or a stricter one
    dane,              ///< every exchanger has secure TLSA records that it fits
    tls_rpt,
    bimi,           ///< a record whose picture and certificate have no fault
    mx_dnssec,      ///< the MX records and the exchangers' addresses are signed
    mx_hosts,       ///< the only exchangers, as `hosts`
    reverse_names,  ///< every address of every exchanger has a name that leads back
};

/// How a rule's value is written.
enum class IspValue : std::uint8_t { flag, tls_version, days, text, texts, word };

struct IspRuleInfo {
    IspRule rule;
    std::string_view key;
    IspValue value;
    std::array<std::string_view, 3> words{};  ///< of a word: those that there are, the weakest first
};

inline constexpr std::array<IspRuleInfo, 32> isp_rules = {{
    {IspRule::tls_minimum, "tls_minimum", IspValue::tls_version},
    {IspRule::tls_from_start, "tls_from_start", IspValue::flag},
    {IspRule::encryption_required, "encryption_required", IspValue::flag},
    {IspRule::plaintext_login, "plaintext_login", IspValue::flag},
    {IspRule::imap, "imap", IspValue::flag},
    {IspRule::pop3, "pop3", IspValue::flag},
    {IspRule::submission, "submission", IspValue::flag},
    {IspRule::srv, "srv", IspValue::flag},
    {IspRule::autoconfig, "autoconfig", IspValue::flag},
    {IspRule::autodiscover, "autodiscover", IspValue::flag},
    {IspRule::pacc, "pacc", IspValue::flag},
    {IspRule::sources_agree, "sources_agree", IspValue::flag},
    {IspRule::everything_works, "everything_works", IspValue::flag},
    {IspRule::ipv6, "ipv6", IspValue::flag},
    {IspRule::dnssec, "dnssec", IspValue::flag},
    {IspRule::certificate_days, "certificate_days", IspValue::days},
    {IspRule::mechanisms, "mechanisms", IspValue::texts},
    {IspRule::mechanisms_off, "mechanisms_off", IspValue::texts},
    {IspRule::user_name, "user_name", IspValue::text},
    {IspRule::hosts, "hosts", IspValue::texts},
    {IspRule::spf, "spf", IspValue::flag},
    {IspRule::spf_all, "spf_all", IspValue::word, {"~all", "-all"}},
    {IspRule::dkim, "dkim", IspValue::texts},
    {IspRule::dmarc, "dmarc", IspValue::word, {"none", "quarantine", "reject"}},
    {IspRule::dmarc_reports, "dmarc_reports", IspValue::flag},
    {IspRule::mta_sts, "mta_sts", IspValue::word, {"testing", "enforce"}},
    {IspRule::dane, "dane", IspValue::flag},
    {IspRule::tls_rpt, "tls_rpt", IspValue::flag},
    {IspRule::bimi, "bimi", IspValue::flag},
    {IspRule::mx_dnssec, "mx_dnssec", IspValue::flag},
    {IspRule::mx_hosts, "mx_hosts", IspValue::texts},
    {IspRule::reverse_names, "reverse_names", IspValue::flag},
}};

/// One demand. Which member holds the value follows from the rule.
struct IspDemand {
    IspRule rule{};
    std::string key{};
    std::string wanted{};  ///< the value as it is shown
    bool flag{false};
    int number{};  ///< days; of a TLS version the minor number ("1.2": 2); of a word its place
    std::vector<std::string> texts{};
};

struct IspPolicy {
    std::vector<IspDemand> demands{};  ///< in the order of the file

    /// The demand of a rule, or nullptr.
    const IspDemand* find(IspRule rule) const noexcept {
        for (const IspDemand& demand : demands)
            if (demand.rule == rule) return &demand;
        return nullptr;
    }
};

}  // namespace maildoctor
