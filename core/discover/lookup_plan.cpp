#include "core/discover/lookup_plan.h"

#include <algorithm>
#include <array>
#include <iterator>

#include "core/model/srv_services.h"
#include "core/names/names.h"

namespace maildoctor::discover {
namespace {

constexpr const char* config_path = "/mail/config-v1.1.xml";
constexpr const char* well_known_path = "/.well-known/autoconfig/mail/config-v1.1.xml";
constexpr const char* autodiscover_path = "/autodiscover/autodiscover.xml";
constexpr const char* thunderbird_database = "https://live.thunderbird.net/autoconfig/v1.1/";
constexpr const char* central_database = "https://autoconfig.thunderbird.net/v1.1/";

/// RFC 3986 section 2.1: everything but unreserved characters as %XX.
std::string percent_encoded(std::string_view text) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string out;
    for (const char c : text) {
        const auto octet = static_cast<unsigned char>(c);
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                           std::string_view("-_.~").contains(c);
        if (plain) {
            out += c;
        } else {
            out += '%';
            out += digits[octet >> 4U];
            out += digits[octet & 15U];
        }
    }
    return out;
}

class Planner {
public:
    Planner(const EmailAddress& email, const LookupOptions& options)
        : email_(email),
          options_(options),
          domain_(email.domain.text()),
          query_(options.include_address ? "?emailaddress=" + percent_encoded(email.text()) : "") {}

    LookupPlan plan() {
        switch (options_.style) {
            case LookupStyle::thunderbird:
                like_thunderbird();
                break;
            case LookupStyle::k9:
                like_k9();
                break;
            case LookupStyle::deltachat:
                like_deltachat();
                break;
            case LookupStyle::own:
                our_own();
                break;
        }
        if (options_.style != LookupStyle::k9) guess();
        return std::move(plan_);
    }

private:
    void get(const char* stage, std::string url, bool third_party = false) {
        plan_.urls.push_back({stage, "GET", std::move(url), third_party});
    }
    void post(std::string url) { plan_.urls.push_back({"autodiscover", "POST", std::move(url), false}); }

    void provider(const std::string& scheme, const std::string& query, const std::string& well_known_query) {
        get("provider", scheme + "://autoconfig." + domain_ + config_path + query);
        get("provider", scheme + "://" + domain_ + well_known_path + well_known_query);
    }

    /// The domains that may speak for the MX host: its name without the first label where that is below the
    /// registered domain, and the registered domain. None when that is the domain of the address.
    std::vector<std::string> mx_domains() const {
        if (!options_.mx || options_.mx->is_literal()) return {};
        const auto base = names::registered_domain(*options_.mx);
        if (!base || *base == email_.domain) return {};
        std::vector<std::string> domains;
        const auto parent = options_.mx->parent();
        if (parent && *parent != *base && parent->is_within(*base)) domains.push_back(parent->text());
        domains.push_back(base->text());
        return domains;
    }

    void central(const char* database) {
        if (!options_.third_parties) return;
        get("ispdb", database + domain_, true);
    }
    void via_mx(const char* database, const std::string& query) {
        if (!options_.third_parties) return;
        for (const std::string& domain : mx_domains()) {
            get("mx", "https://autoconfig." + domain + config_path + query, true);
            get("mx", database + domain, true);
        }
    }

    void like_thunderbird() {
        provider("https", query_, query_);
        if (!options_.https_only) provider("http", query_, query_);
        central(thunderbird_database);
        via_mx(thunderbird_database, query_);
        post("https://autodiscover." + domain_ + autodiscover_path);
        post("https://" + domain_ + autodiscover_path);
        if (!options_.https_only) get("autodiscover", "http://autodiscover." + domain_ + autodiscover_path);
        plan_.dns = {"_autodiscover._tcp." + domain_};
    }

    void like_k9() {
        provider("https", query_, query_);
        if (!options_.https_only) provider("http", query_, query_);
        central(central_database);
        via_mx(central_database, query_);
    }

    void like_deltachat() {
        provider("https", query_, "");
        get("autodiscover", "https://" + domain_ + autodiscover_path);
        get("autodiscover", "https://autodiscover." + domain_ + autodiscover_path);
        central(central_database);
    }

    void our_own() {
        for (const SrvService& service : srv_services)
            plan_.dns.push_back(std::string(service.label) + "." + domain_);
        plan_.dns.push_back("_autodiscover._tcp." + domain_);
        provider("https", query_, "");
        if (!options_.https_only) provider("http", "", "");
        post("https://autodiscover." + domain_ + autodiscover_path);
        post("https://" + domain_ + autodiscover_path);
        if (!options_.https_only) get("autodiscover", "http://autodiscover." + domain_ + autodiscover_path);
        if (options_.include_address)
            get("autodiscover", "https://autodiscover." + domain_ + "/autodiscover/autodiscover.json?Email=" +
                                    percent_encoded(email_.text()) +
                                    "&Protocol=Autodiscoverv1&RedirectCount=1");
        get("pacc", "https://ua-auto-config." + domain_ + "/.well-known/user-agent-configuration.json");
        central(central_database);
        via_mx(central_database, "");
    }

    void guess() {
        if (options_.style == LookupStyle::deltachat) return guess_like_deltachat();
        const bool incoming = options_.protocol != Protocol::smtp;
        const bool outgoing = !options_.protocol || options_.protocol == Protocol::smtp;
        if (incoming) {
            std::ranges::copy(incoming_tries("", options_), std::back_inserter(plan_.tries));
            add_guesses({"imap.", "pop3.", "pop.", "mail.", ""}, incoming_tries);
        }
        if (outgoing) {
            std::ranges::copy(outgoing_tries("", options_), std::back_inserter(plan_.tries));
            add_guesses({"smtp.", "mail.", ""}, outgoing_tries);
        }
    }

    template <class Tries>
    void add_guesses(std::initializer_list<const char*> prefixes, Tries tries_on) {
        std::vector<PortTry> all;
        for (const char* prefix : prefixes)
            std::ranges::copy(tries_on(prefix + domain_, options_), std::back_inserter(all));
        for (const bool plain :
             {false, true}) {  // encrypted, then IMAP, then implicit TLS; else as they come
            for (const bool imap : {true, false}) {
                for (const bool tls : {true, false})
                    std::ranges::copy_if(all, std::back_inserter(plan_.guesses), [&](const PortTry& entry) {
                        return (entry.security == Security::none) == plain &&
                               (entry.protocol == Protocol::imap) == imap &&
                               (entry.security == Security::tls) == tls;
                    });
            }
        }
    }

    void guess_like_deltachat() {
        constexpr std::array<std::pair<Protocol, Security>, 4> modes = {
            {{Protocol::imap, Security::tls},
             {Protocol::imap, Security::starttls},
             {Protocol::smtp, Security::tls},
             {Protocol::smtp, Security::starttls}}};
        const auto add = [&](std::vector<PortTry>& out, const std::string& host, Protocol protocol) {
            if (options_.protocol && options_.protocol != protocol) return;
            for (const auto& [mode_protocol, security] : modes) {
                if (mode_protocol != protocol || (options_.security && options_.security != security))
                    continue;
                out.push_back(
                    {host, protocol, security, options_.port.value_or(usual_port(protocol, security))});
            }
        };
        for (const Protocol protocol : {Protocol::imap, Protocol::smtp}) {
            add(plan_.tries, "", protocol);
            const std::string own = protocol == Protocol::imap ? "imap." : "smtp.";
            for (const std::string& prefix : {own, std::string("mail."), std::string()})
                add(plan_.guesses, prefix + domain_, protocol);
        }
    }

    const EmailAddress& email_;
    const LookupOptions& options_;
    std::string domain_;
    std::string query_;
    LookupPlan plan_;
};

}  // namespace

std::vector<PortTry> incoming_tries(const std::string& host, const LookupOptions& options) {
    std::optional<Protocol> only = options.protocol;
    if (!only && (host.starts_with("pop.") || host.starts_with("pop3."))) only = Protocol::pop3;
    if (!only && host.starts_with("imap.")) only = Protocol::imap;
    constexpr std::array<std::pair<Protocol, Security>, 6> modes = {{{Protocol::imap, Security::starttls},
                                                                     {Protocol::imap, Security::tls},
                                                                     {Protocol::pop3, Security::starttls},
                                                                     {Protocol::pop3, Security::tls},
                                                                     {Protocol::imap, Security::none},
                                                                     {Protocol::pop3, Security::none}}};
    std::vector<PortTry> tries;
    for (const auto& [protocol, security] : modes) {
        if ((only && *only != protocol) || (options.security && *options.security != security)) continue;
        tries.push_back({host, protocol, security, options.port.value_or(usual_port(protocol, security))});
    }
    return tries;
}

std::vector<PortTry> outgoing_tries(const std::string& host, const LookupOptions& options) {
    constexpr std::array<std::pair<Security, int>, 5> modes = {{{Security::starttls, 587},
                                                                {Security::starttls, 25},
                                                                {Security::tls, 465},
                                                                {Security::none, 587},
                                                                {Security::none, 25}}};
    std::vector<PortTry> tries;
    for (const auto& [security, number] : modes) {
        if (options.security && *options.security != security) continue;
        if (options.port && number == 25) continue;  // one port: one try a mode
        tries.push_back({host, Protocol::smtp, security, options.port.value_or(*Port::from(number))});
    }
    return tries;
}

LookupPlan plan_lookup(const EmailAddress& email, const LookupOptions& options) {
    return Planner(email, options).plan();
}

}  // namespace maildoctor::discover
