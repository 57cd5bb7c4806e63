// Builders of observations for tests of planning and diagnosis: what a run would have seen, in one line each.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/model/dialog.h"
#include "core/model/observation.h"

namespace maildoctor::testing {

inline HostName host(std::string_view text) {
    return *HostName::from(text);
}
inline Port port(int number) {
    return *Port::from(number);
}

inline Observation dns(std::string name, RecordType type, DnsStatus status, std::string detail = {}) {
    Observation seen{.probe = "dns.lookup"};
    seen.subject.host = name;
    seen.dns = DnsFacts{.name = std::move(name),
                        .type = type,
                        .status = status,
                        .rcode = status == DnsStatus::no_answer ? -1 : 0,
                        .detail = std::move(detail)};
    seen.answer = status == DnsStatus::found ? Answer::yes : Answer::no;
    return seen;
}

/// A and AAAA of a host.
inline std::vector<Observation> addresses(const std::string& name, const std::vector<std::string>& texts,
                                          std::string source = "guess") {
    Observation v4 = dns(name, RecordType::a, DnsStatus::no_data, "no-address"),
                v6 = dns(name, RecordType::aaaa, DnsStatus::no_data, "no-address");
    v4.source = v6.source = std::move(source);
    for (const std::string& text : texts) {
        const auto address = *IpAddress::from(text);
        Observation& seen = address.is_v4() ? v4 : v6;
        seen.dns->addresses.push_back(address);
        seen.dns->status = DnsStatus::found;
        seen.dns->detail.clear();
    }
    return {v4, v6};
}

inline std::vector<Observation> missing(const std::string& name) {
    return {dns(name, RecordType::a, DnsStatus::no_such_name, "nxdomain"),
            dns(name, RecordType::aaaa, DnsStatus::no_such_name, "nxdomain")};
}

inline Observation mx(const std::string& domain, const std::vector<std::string>& exchanges) {
    Observation seen = dns(domain, RecordType::mx, DnsStatus::found);
    std::uint16_t preference = 10;
    for (const std::string& exchange : exchanges)
        seen.dns->mx.push_back({.preference = preference++, .exchange = exchange});
    return seen;
}

inline Observation dialog(std::string_view name, int number, Protocol protocol, Security start, Role role,
                          std::string source = "typed") {
    Observation seen{.probe = std::string(dialog_probe)};
    seen.subject = {.host = std::string(name),
                    .port = port(number),
                    .protocol = protocol,
                    .security = start,
                    .role = role};
    seen.source = std::move(source);
    return seen;
}

inline void connected_to(Observation& seen, std::string_view address = "192.0.2.7") {
    seen.connects.push_back({.address = *IpAddress::from(address), .used = true});
    seen.subject.address = IpAddress::from(address);
}

/// A dialog that went well over a good certificate.
inline Observation healthy(std::string_view name, int number, Protocol protocol, Security start, Role role,
                           std::string source = "typed") {
    Observation seen = dialog(name, number, protocol, start, role, std::move(source));
    connected_to(seen);
    seen.answer = Answer::yes;
    const Service service = protocol == Protocol::smtp   ? Service::smtp
                            : protocol == Protocol::pop3 ? Service::pop3
                                                         : Service::imap;
    seen.mail = MailFacts{.service = service,
                          .greeting = "ready",
                          .greeting_ok = true,
                          .capabilities_known = true,
                          .auth_mechanisms = {"PLAIN"}};
    seen.mail->starttls_offered = seen.mail->starttls_accepted = start != Security::tls;
    seen.mail->login_disabled_plain = true;
    seen.tls = TlsFacts{.completed = true,
                        .version = "TLSv1.3",
                        .cipher = "TLS_AES_256_GCM_SHA384",
                        .chain = {{.subject = std::string(name),
                                   .issuer = "Test CA",
                                   .dns_names = {std::string(name)},
                                   .not_before = 1,
                                   .not_after = 4'000'000'000}},
                        .verified = true};
    return seen;
}

inline Observation failing_to_connect(std::string_view name, int number, Protocol protocol, Role role,
                                      FailureKind kind, std::string source = "typed") {
    const auto custom = custom_of(port(number));
    Observation seen = dialog(name, number, protocol, custom ? custom->security : Security::starttls, role,
                              std::move(source));
    seen.failure = Failure{.stage = Stage::connect, .kind = kind, .text = "connection refused"};
    seen.connects.push_back({.address = *IpAddress::from("192.0.2.7"), .failure = seen.failure});
    seen.answer = kind == FailureKind::refused ? Answer::no : Answer::unknown;
    return seen;
}

/// Puts observations together and numbers them.
template <class... Parts>
std::vector<Observation> story(Parts... parts) {
    std::vector<Observation> all;
    const auto add = [&all](auto&& part) {
        if constexpr (requires { part.probe; }) {
            all.push_back(std::move(part));
        } else {
            for (auto& seen : part)
                all.push_back(std::move(seen));
        }
    };
    (add(std::move(parts)), ...);
    for (std::size_t i = 0; i < all.size(); ++i)
        all[i].id = i;
    return all;
}

}  // namespace maildoctor::testing
