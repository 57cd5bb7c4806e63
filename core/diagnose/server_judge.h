// The judge of one server setting: declared here once, defined by subject in server.cpp (the way to the
// server), server_tls.cpp (encryption and certificates) and server_dialog.cpp (what was said).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/diagnose/draft.h"
#include "core/diagnose/picture.h"
#include "core/knowledge/pack.h"

namespace maildoctor::diagnose {

/// Judges one dialog; collects drafts into a Judgement. Good for one call of judge() or judge_only().
class Judge {
public:
    Judge(const Picture& picture, const ServerSetting& setting, const knowledge::Pack& pack, std::int64_t now,
          bool typed)
        : picture_(picture), setting_(setting), pack_(pack), now_(now), typed_(typed) {}

    Judgement judge();
    /// Judges one dialog of several with the same server, whatever the others say.
    Judgement judge_only(const Observation& dialog);

private:
    Draft& error(Draft draft);
    Draft about(Cause cause, std::string rule) const;
    void not_tested(std::string because);
    Evidence connect_words(std::string words) const;

    // The way to the server.
    void judge_dialog();
    void judge_connect();
    /// The typed port is none that mail servers listen on: most likely a slip.
    void name_odd_port(Draft& draft) const;
    /// Other servers can be reached, so the computer is on a network: what is missing is the way to this one.
    void name_missing_route(Draft& draft) const;
    /// What is wrong may come from an address that stands in the hosts file.
    void note_hosts_file();
    /// One of several addresses does not answer while the program still gets through over another.
    void note_dead_addresses();
    /// The machines behind one name differ: what another address shows when it is asked by itself.
    void note_odd_addresses();

    // Encryption and certificates.
    void wrong_mode(std::string rule);
    void judge_failed_implicit_tls();
    void judge_tls_failure();
    void judge_certificate();
    /// Version, key exchange: what current programs refuse although the handshake worked for us.
    void judge_parameters();
    /// A certificate that a program or device on the way issued. @return whether it is one
    bool judge_interceptor();
    void judge_starttls();
    void judge_missing_starttls();
    /// The greeting or a capability was overwritten on the way.
    void judge_masked();
    /// The same server offers STARTTLS at another port or address.
    void note_stripping();
    void note_injection();

    // What was said.
    void judge_greeting();
    void judge_no_greeting();
    void judge_bad_greeting();
    void wrong_service(Service found, const std::string& words, Confidence confidence);
    void judge_refusal();
    /// The dialog ended in the middle, after the greeting.
    void judge_broken_off();
    /// The user's program is set to no encryption at all.
    void judge_plain();
    void judge_login_offer();
    /// Where the user can log in for the same kind of mail, at another port of this host.
    const Observation* login_at_another_port() const;
    /// No login here, and mail for others is refused without one, while another port of this server has
    /// logins: the user cannot send this way. @return whether it is so
    bool judge_port_without_login();

    const Picture& picture_;
    const ServerSetting& setting_;
    const knowledge::Pack& pack_;
    std::int64_t now_;
    bool typed_;
    const Observation* seen_{};
    const Observation* other_{};  ///< the dialog at the same port in the other mode
    Judgement result_{};
};

/// The kind of server that a protocol is spoken with.
Service service_of(Protocol protocol) noexcept;
/// Capabilities in one line; "nothing" when there are none.
std::string offers(const std::vector<std::string>& capabilities);

}  // namespace maildoctor::diagnose
