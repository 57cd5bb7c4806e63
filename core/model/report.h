// What a check was asked, what it found, and what it means: the value that the CLI and the window render.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/model/cause.h"
#include "core/model/clues.h"
#include "core/model/observation.h"
#include "core/model/offer.h"
#include "core/model/settings.h"

namespace maildoctor {

struct EmailAddress {
    std::string local{};
    HostName domain;
    std::string text() const { return local + "@" + domain.text(); }
};

/// Whether servers are asked to pass on mail for strangers. basic: one foreign recipient, never DATA; full:
/// all known ways, and DATA once without a message, which needs the user's consent.
enum class RelayScope : std::uint8_t { off, basic, full };

/// What to ask in a relay test.
struct RelayWish {
    RelayScope scope{RelayScope::off};
    std::optional<ServerSetting> server{};  ///< this one alone; nothing: the account's servers
    std::optional<HostName> domain{};   ///< that the server receives mail for; nothing: found from the rest
    std::string sender{}, recipient{};  ///< strangers to the server; empty: reserved names
};

/// What the user wants to know. Values only; secrets travel beside it.
struct Request {
    std::optional<EmailAddress> email{};
    std::optional<HostName> domain{};  ///< where a whole domain is looked at in place of an account
    std::optional<ServerSetting> incoming{};
    std::optional<ServerSetting> outgoing{};
    std::string error_text{};
    std::string program{};  ///< id of the user's mail program, or empty
    bool for_someone_else{false};
    bool only_typed{
        false};  ///< only the servers that are named, not the rest of an account: for a pasted error
    bool tls_survey{false};  ///< look at everything that the servers' TLS can do
    std::vector<HostName>
        control_hosts{};  ///< further hosts that may be asked on port 25 to tell a blocked port
    std::string language{"en"};
    RelayWish relay{};
    std::optional<std::uint64_t> message_size{};  ///< octets of the files that the user wants to send
    std::optional<EmailAddress> send_test_to{};   ///< submit a test message to this address
};

struct Fix {
    Audience audience{Audience::user};
    std::vector<std::string> steps{};
};

struct Evidence {
    std::string kind{};  ///< "dns", "connect", "certificate", "tls", "reply", "transcript", "text", …
    std::string text{};  ///< one line, cleaned
};

struct Finding {
    Cause cause{};
    Severity severity{Severity::error};
    Confidence confidence{Confidence::certain};
    bool primary{false};
    Subject subject{};
    std::string detail{};   ///< "nxdomain", "no-address", "servfail", "lame", …; may be empty
    std::string variant{};  ///< id of the text variant
    std::string title{};
    std::string explanation{};
    std::vector<std::string> why{};
    Actor actor{Actor::user};
    std::vector<Fix> fixes{};
    std::vector<Evidence> evidence{};  ///< never empty: a finding without evidence is a fault of ours
    std::vector<ObservationId> observations{};
    std::vector<std::string> references{};
    std::optional<std::size_t> consequence_of{};  ///< index into Report::findings
    std::string rule{};                           ///< what said so, for bug reports
};

struct NotTested {
    std::string what{};
    std::string because{};
};

/// A limit as a server states it.
struct ServerLimit {
    enum class Kind : std::uint8_t {
        message_size,  ///< octets
        recipients,    ///< of one message
        messages,      ///< of one connection
        login_delay,   ///< seconds between two logins
        keep_days,     ///< days that messages stay
        upload_size,   ///< octets of a message put into a folder
        connections,   ///< of one user at a time
    } kind{};
    Subject subject{};
    std::uint64_t value{};
    std::optional<std::uint64_t> wanted{};  ///< what the user wants, in the same unit
    /// The server refused something because of this limit just now. `value` is 0 where it did not say how
    /// high the limit is.
    bool reached{false};
    bool exceeded() const noexcept { return wanted && *wanted > value; }
};

/// Who was told what during the run (privacy): "DNS resolver 192.0.2.53", "the domain's own servers", …
struct Told {
    std::string who{};
    std::string what{};
};

struct Report {
    std::string version{};   ///< of maildoctor
    std::int64_t started{};  ///< seconds since 1970 UTC
    std::chrono::milliseconds duration{};
    Request request{};
    Verdict verdict{Verdict::inconclusive};
    std::vector<NotTested> not_tested{};
    std::vector<Finding> findings{};  ///< primary first, then by severity; consequences after their cause
    Settings settings{};              ///< what works, best first
    std::vector<ServerLimit> limits{};
    std::vector<Observation> observations{};
    std::optional<Clues> clues{};  ///< of the pasted error text
    std::vector<Told> told{};
    /// Records and files, ready to use, for a domain that publishes nothing while its servers work.
    std::vector<PublicationPart> publication{};
    std::vector<std::string>
        notes{};  ///< e.g. that the hosts file was used, that the vantage is this computer
};

}  // namespace maildoctor
