// What a domain publishes about its mail beside settings: who may send in its name (SPF, DKIM, DMARC), how
// mail to it is to be transported (MTA-STS, DANE, TLS-RPT), its logo (BIMI), and the names of its mail
// exchangers.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/model/boxed.h"
#include "core/model/facts.h"
#include "core/model/host_name.h"
#include "core/model/words.h"

namespace maildoctor {

/// One defect of a published record or file.
struct PolicyFault {
    /// What readers of the record do because of it.
    enum class Weight : std::uint8_t {
        discarded,  ///< the standard has them ignore or refuse the whole of it
        strict,     ///< the standard's grammar is broken: some ignore the whole of it, others only the part
        weak,       ///< it is read, but does less than it says, or more than its owner can want
        note,       ///< it works; it could be shorter or clearer
    };
    std::string kind{};  ///< "multiple", "too-many-lookups", "missing-policy", …: docs/policy.md lists them
    Weight weight{Weight::weak};
    std::string text{};  ///< one line for people, cleaned

    friend bool operator==(const PolicyFault&, const PolicyFault&) = default;
};

/// One published record or file: as it was found, as it should read, and what is wrong with it.
struct PolicyRecord {
    enum class State : std::uint8_t {
        absent,   ///< nothing of the kind is published
        found,    ///< something is published, in whatever state
        unknown,  ///< could not be told, see `because`
    };
    std::string place{};  ///< where it stands: "_dmarc.example.org TXT", "https://mta-sts.example.org/…"
    State state{State::unknown};
    std::vector<std::string> found{};  ///< what stands there and means to be this policy; cleaned
    std::string better{};              ///< as it should read; empty where it can stay or nobody else can say
    std::vector<PolicyFault> faults{};
    std::string because{};  ///< when unknown: why, in one line

    /// Whether readers take it: found, and no fault makes them discard it.
    bool is_read() const {
        return state == State::found && std::ranges::none_of(faults, [](const PolicyFault& fault) {
                   return fault.weight == PolicyFault::Weight::discarded;
               });
    }
    bool has(std::string_view kind) const {
        return std::ranges::any_of(faults, [&](const PolicyFault& fault) { return fault.kind == kind; });
    }
};

/// Sender Policy Framework (RFC 7208), seen by whoever publishes it.
struct SpfFacts {
    PolicyRecord record{};
    /// What one term costs a receiver at most, everything that it includes counted in.
    struct Cost {
        std::string term{};  ///< as written: "include:_spf.example.net"
        int lookups{};
    };
    std::vector<Cost> costs{};         ///< of the terms that need look-ups, in the order of the record
    int lookups{};                     ///< of all terms together; ten are allowed (section 4.6.4)
    int void_lookups{};                ///< look-ups that find nothing; two are allowed
    std::string all{};                 ///< "-all", "~all", "?all", "+all"; empty without one
    bool sends_nothing{false};         ///< "v=spf1 -all": the domain never sends
    std::vector<std::string> asked{};  ///< domains whose records were read, the own first
};

/// One DKIM key record (RFC 6376 section 3.6.1, RFC 8301, RFC 8463).
struct DkimFacts {
    PolicyRecord record{};
    std::string selector{};
    bool given{false};       ///< the selector was named by the user, not one of the usual ones
    std::string key_type{};  ///< "rsa", "ed25519"
    int key_bits{};          ///< of the key's modulus; 0 when it cannot be read
    bool revoked{false};     ///< p= is empty
    bool testing{false};     ///< t=y
};

/// Domain-based message authentication (RFC 7489, DMARCbis).
struct DmarcFacts {
    PolicyRecord record{};
    std::string domain{};  ///< whose record applies: the domain itself or one above it; empty without any
    std::string organisational{};  ///< the organisational domain, by the tree walk
    std::string policy{};  ///< "none", "quarantine", "reject": what applies to the domain; empty without any
    std::string p{}, sp{}, np{};
    std::string adkim{"r"}, aspf{"r"}, fo{"0"}, psd{"u"};
    int percent{100};
    std::int64_t report_interval{86400};  ///< seconds
    bool testing{false};                  ///< t=y
    std::vector<std::string> rua{}, ruf{};
    std::vector<std::string> formats{};  ///< rf

    /// Whether a report address in somebody else's domain may be used (RFC 7489 section 7.1).
    struct Consent {
        std::string destination{};    ///< the other domain
        std::string name{};           ///< where its consent must stand
        std::optional<bool> given{};  ///< nothing when that could not be told
    };
    std::vector<Consent> consents{};
};

/// SMTP MTA Strict Transport Security (RFC 8461).
struct MtaStsFacts {
    PolicyRecord record{};  ///< at _mta-sts
    std::string id{};
    PolicyRecord file{};  ///< https://mta-sts.…/.well-known/mta-sts.txt
    std::string mode{};   ///< "enforce", "testing", "none"; empty without a policy
    std::vector<std::string> mx{};
    std::int64_t max_age{};              ///< seconds
    std::vector<std::string> missing{};  ///< exchangers that no mx line covers
    int status{};                        ///< of HTTP; 0 when no answer came
    std::string content_type{};
    Boxed<TlsFacts> tls{};  ///< of the policy host

    /// Whether senders that know MTA-STS hold mail back that this policy does not allow.
    bool enforced() const { return record.is_read() && file.is_read() && mode == "enforce"; }
};

/// SMTP TLS reporting (RFC 8460).
struct TlsRptFacts {
    PolicyRecord record{};
    std::vector<std::string> rua{};
};

/// One TLSA record and what it does for a client.
struct DaneRecord {
    TlsaRecord record{};
    bool usable{true};              ///< for this service (RFC 7671 section 4, RFC 7672 section 3.1)
    std::string fault{};            ///< why it is not
    std::optional<bool> matches{};  ///< what the server presents; nothing when that was not seen
};

/// DANE for one server (RFC 6698, 7671, 7672).
struct DaneFacts {
    enum class Outcome : std::uint8_t {
        none,          ///< no TLSA records
        insecure,      ///< there are, but DNSSEC does not vouch for them: they count for nothing
        unknown,       ///< could not be looked up, see `because`
        unusable,      ///< secure, and none of them can be used: TLS is demanded, without a check
        not_compared,  ///< secure and usable; what the server presents was not seen
        match,
        mismatch,
    };
    std::string host{};
    std::uint16_t port{};
    std::string base{};  ///< the name that the records stand under, below _port._tcp
    Outcome outcome{Outcome::unknown};
    Dnssec dnssec{Dnssec::not_checked};
    std::vector<DaneRecord> records{};
    std::string detail{};   ///< of a mismatch: why, in one line
    std::string better{};   ///< of a mismatch: a record that fits what the server presents
    std::string because{};  ///< when unknown
};

/// Brand indicators (draft-brand-indicators-for-message-identification).
struct BimiFacts {
    PolicyRecord record{};
    std::string selector{"default"};
    std::string location{}, authority{};  ///< l= and a=
    bool declined{false};                 ///< an empty l=: the domain wants no logo
    /// What stands at l= and at a=; absent where the record names none. Who issued the certificate is not
    /// verified.
    PolicyRecord picture{.state = PolicyRecord::State::absent};
    PolicyRecord certificate{.state = PolicyRecord::State::absent};
    std::vector<std::string> certificate_names{};
    std::int64_t certificate_ends{};  ///< seconds since 1970 UTC; 0 when it could not be read
    std::string mark_type{};          ///< "Registered Mark", …
};

/// One address of an exchanger and the names that it has in the reverse zones.
struct ReverseName {
    IpAddress address;
    DnsStatus status{DnsStatus::no_answer};  ///< of the PTR question
    std::vector<std::string> names{};        ///< at most ten
    std::vector<std::string> confirmed{};    ///< those that lead back to the address
    bool complete{true};                     ///< every name could be looked up
};

/// One mail exchanger.
struct ExchangerFacts {
    std::string host{};
    std::uint16_t preference{};
    DnsFacts v4{}, v6{};
    std::vector<ReverseName> addresses{};
    DaneFacts dane{};
};

/// The whole mail side of a domain.
struct PolicyFacts {
    HostName domain;
    DnsFacts mx{};
    bool null_mx{false};  ///< RFC 7505: the domain takes no mail
    Dnssec dnssec{Dnssec::not_checked};
    std::vector<ExchangerFacts> exchangers{};
    SpfFacts spf{};
    std::vector<DkimFacts> dkim{};
    DmarcFacts dmarc{};
    MtaStsFacts mta_sts{};
    TlsRptFacts tls_rpt{};
    BimiFacts bimi{};
};

std::string_view word(PolicyFault::Weight value) noexcept;
std::string_view word(PolicyRecord::State value) noexcept;
std::string_view word(DaneFacts::Outcome value) noexcept;

}  // namespace maildoctor
