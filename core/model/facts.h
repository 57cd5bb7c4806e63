// What probes can learn, as plain values: one struct for each kind of question.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/model/ip_address.h"
#include "core/model/result.h"
#include "core/model/words.h"

namespace maildoctor {

// ---- DNS
// ---------------------------------------------------------------------------------------------------------

enum class RecordType : std::uint16_t {
    a = 1,
    ns = 2,
    cname = 5,
    soa = 6,
    ptr = 12,
    mx = 15,
    txt = 16,
    aaaa = 28,
    srv = 33,
    ds = 43,
    rrsig = 46,
    dnskey = 48,
    tlsa = 52
};

/// How a look-up ended.
enum class DnsStatus : std::uint8_t {
    found,           ///< records of the asked type are in the answer
    no_such_name,    ///< NXDOMAIN
    no_data,         ///< the name exists, but not with this type
    server_failure,  ///< SERVFAIL (RFC 1035 section 4.1.1)
    refused,         ///< REFUSED or another RCODE, see `rcode`
    bogus,           ///< DNSSEC signatures were seen and fail
    no_answer,       ///< no resolver answered in time, or none can be reached
    alias_loop,      ///< CNAMEs lead back to themselves, or there are more than 16
    malformed,       ///< an answer came that does not parse or does not belong to the question
};

/// RFC 4033 section 5. `indeterminate`: the resolver does not hand out what is needed to tell.
enum class Dnssec : std::uint8_t { not_checked, secure, insecure, indeterminate, bogus };

struct MxRecord {
    std::uint16_t preference{};
    std::string exchange{};
    friend bool operator==(const MxRecord&, const MxRecord&) = default;
};
struct SrvRecord {
    std::uint16_t priority{}, weight{}, port{};
    std::string target{};
    friend bool operator==(const SrvRecord&, const SrvRecord&) = default;
};
struct TlsaRecord {
    std::uint8_t usage{}, selector{}, matching{};
    std::string data{};  ///< lower-case hexadecimal
    friend bool operator==(const TlsaRecord&, const TlsaRecord&) = default;
};
struct SoaRecord {
    std::string primary{}, mailbox{};
    std::uint32_t serial{}, minimum{};
};
struct ExtendedError {
    std::uint16_t code{};
    std::string text{};
};  ///< RFC 8914

/// One question to the resolver and everything that came of it. Names are without the final dot, lower case;
/// the root (null MX, SRV target ".") is the empty string.
struct DnsFacts {
    std::string name{};
    RecordType type{};
    DnsStatus status{};
    int rcode{-1};  ///< of the last answer; -1 when none came
    std::vector<ExtendedError> extended_errors{};
    std::vector<std::string> aliases{};  ///< CNAME targets followed, in order
    std::vector<IpAddress> addresses{};  ///< A, AAAA
    std::vector<MxRecord> mx{};          ///< by preference
    std::vector<SrvRecord> srv{};
    std::vector<std::string> texts{};  ///< TXT, each record's strings joined
    std::vector<TlsaRecord> tlsa{};
    std::vector<std::string> names{};  ///< PTR and NS targets
    std::optional<SoaRecord> soa{};
    std::uint32_t ttl{};  ///< seconds, the smallest of the answer
    Dnssec dnssec{Dnssec::not_checked};
    std::string dnssec_link{};  ///< when bogus: the broken link, e.g. "example.test DNSKEY: signature expired
                                ///< 2026-01-01"
    bool from_hosts_file{false};  ///< /etc/hosts answered, not DNS
    std::string server{};         ///< address of the resolver that answered
    std::string detail{};         ///< "lame", "resolver-unreachable", … where `status` alone does not say it
};

// ---- connections
// -------------------------------------------------------------------------------------------------

/// One attempt to connect to one address.
struct ConnectAttempt {
    IpAddress address;
    std::optional<Failure> failure{};     ///< nothing when it worked
    std::chrono::microseconds started{};  ///< after the start of the race
    std::chrono::microseconds took{};
    bool used{false};  ///< the dialog went on over this one
};

// ---- TLS
// ---------------------------------------------------------------------------------------------------------

struct CertificateFacts {
    std::string subject{};  ///< common name, else the whole name
    std::string issuer{};
    std::string issuer_organization{};
    std::vector<std::string>
        dns_names{};  ///< subjectAltName dNSName; the common name where there is no subjectAltName
    std::vector<std::string> ip_names{};
    std::int64_t not_before{}, not_after{};  ///< seconds since 1970 UTC
    std::string key{};                       ///< "RSA 2048", "EC P-256", "Ed25519"
    int key_bits{};
    std::string signature{};  ///< "sha256WithRSAEncryption"
    bool self_signed{false};
    bool is_ca{false};
    std::string sha256{};  ///< fingerprint, lower-case hexadecimal
    std::string spki_sha256{};
    std::string der{};  ///< the whole certificate, for comparing it with TLSA records; not part of reports
    std::string serial{};
    std::string ca_issuers_url{}, ocsp_url{}, crl_url{};
    bool must_staple{false};  ///< RFC 7633
    int scts{};               ///< signed certificate timestamps within the certificate (RFC 6962)
};

/// One fault of a chain or a name; all are collected, not only the first.
struct VerifyError {
    int code{};   ///< X509_V_ERR_…
    int depth{};  ///< 0: the server's own certificate
    std::string text{};
};

/// What the verification errors amount to.
enum class ChainFault : std::uint8_t {
    expired,
    not_yet_valid,
    name_mismatch,
    self_signed,
    untrusted_issuer,
    incomplete_chain,
    revoked,
    weak_key,
    weak_signature,
    other,
};

enum class Revocation : std::uint8_t { not_checked, good, revoked, unknown };

struct TlsFacts {
    bool completed{false};  ///< the handshake came to its end (whatever the certificate)
    std::string version{};  ///< "TLSv1.3"
    std::string cipher{};
    int cipher_bits{};
    std::string group{};
    std::string alpn{};
    std::string server_name{};              ///< SNI that was sent; empty for address literals
    std::optional<int> alert{};             ///< fatal alert received from the peer
    std::vector<CertificateFacts> chain{};  ///< as presented, leaf first
    std::vector<VerifyError> verify_errors{};
    std::vector<ChainFault> faults{};            ///< of verify_errors and name, each once, worst first
    bool verified{false};                        ///< chain and name are good
    Revocation staple{Revocation::not_checked};  ///< stapled OCSP answer
    /// What is known about the certificate's revocation by any means, and by which: "staple", "ocsp", "crl".
    Revocation revocation{Revocation::not_checked};
    std::string revocation_source{};
    std::string revocation_because{};  ///< why it could not be learned
    bool chain_in_order{true};  ///< each certificate is followed by its issuer (RFC 5246 section 7.4.2)
    bool root_sent{false};      ///< the chain holds a self-signed authority: needless, not wrong
    int scts{};                 ///< signed certificate timestamps, however they came
    bool resumed{false};        ///< an earlier session was taken up again
    bool renegotiated{false};   ///< a second handshake that we asked for went well
    bool weak{false};           ///< version below 1.2, key or signature weak: see weak_reason
    std::string weak_reason{};
    std::string error{};      ///< the library's error queue when the handshake failed
    bool text_answer{false};  ///< the peer answered our ClientHello with readable text
    std::string peer_text{};  ///< that text, cleaned
};

// ---- time
// -------------------------------------------------------------------------------------------------------

/// What time a server says it is, beside this computer's own. Seconds since 1970 UTC.
struct ClockFacts {
    std::int64_t theirs{}, ours{};
    std::string source{};  ///< "HTTP Date of mail.example.org", "greeting of …"
};

// ---- mail dialogs
// ------------------------------------------------------------------------------------------------

/// What kind of server the first octets look like.
enum class Service : std::uint8_t { unknown, smtp, pop3, imap, http, ssh, ftp, tls, nntp };

/// One line of a transcript. Never holds a secret.
struct TranscriptLine {
    enum class From : std::uint8_t { client, server, note } from{};
    std::chrono::microseconds at{};  ///< after the start of the connection
    std::string text{};              ///< without line end, control characters escaped
};

/// Limits that a server states in its capabilities.
struct StatedLimits {
    std::optional<std::uint64_t> message_size{};  ///< octets: SMTP SIZE (RFC 1870)
    std::optional<std::uint64_t> recipients{};    ///< of one message: SMTP LIMITS RCPTMAX (RFC 9422)
    std::optional<std::uint64_t> messages{};      ///< of one connection: SMTP LIMITS MAILMAX (RFC 9422)
    std::optional<std::uint64_t> login_delay{};   ///< seconds between two logins: POP3 LOGIN-DELAY (RFC 2449)
    std::optional<std::uint64_t> keep_days{};     ///< POP3 EXPIRE (RFC 2449); nothing for NEVER
    std::optional<std::uint64_t> upload_size{};   ///< octets of a message: IMAP APPENDLIMIT (RFC 7889)

    friend bool operator==(const StatedLimits&, const StatedLimits&) = default;
};

struct MailFacts {
    Service service{Service::unknown};  ///< as the greeting (or what came in its place) shows it
    std::string greeting{};             ///< first line, cleaned
    int greeting_code{};                ///< SMTP
    bool greeting_ok{false};
    std::string apop_stamp{};  ///< POP3 greeting's <…> (RFC 1939 section 7)
    std::vector<std::string>
        capabilities_before{};  ///< plain, as sent: "STARTTLS", "AUTH PLAIN LOGIN", "SIZE 52428800"
    std::vector<std::string> capabilities_after{};  ///< over TLS
    bool capabilities_known{
        false};  ///< a capability answer came at all, be it "I have none" (CAPA or EHLO refused)
    bool helo_fallback{false};  ///< EHLO was refused and HELO worked
    std::string
        refusal{};  ///< the server's own words of a 4xx/5xx/-ERR/NO/BAD/BYE that ended or hindered the dialog
    int refusal_code{};  ///< SMTP reply code of it
    bool starttls_offered{false};
    bool starttls_accepted{false};
    std::string injected{};  ///< octets that came between the STARTTLS answer and the handshake, cleaned
    std::vector<std::string> auth_mechanisms{};        ///< offered at the end of the dialog, upper case
    std::vector<std::string> auth_mechanisms_plain{};  ///< offered before any encryption
    bool login_disabled{false};  ///< at the end of the dialog: IMAP LOGINDISABLED; POP3 without USER and SASL
    bool login_disabled_plain{false};  ///< the same before any encryption
    StatedLimits limits{};
};

}  // namespace maildoctor
