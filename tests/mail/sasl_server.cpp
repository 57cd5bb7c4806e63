#include "tests/mail/sasl_server.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "core/protocol/sasl_encoding.h"

namespace maildoctor::testing {

SaslServer::SaslServer(Protocol protocol, std::string mechanism, SaslAccount account, bool sasl_ir)
    : protocol_(protocol), mechanism_(std::move(mechanism)), account_(std::move(account)), sasl_ir_(sasl_ir) {
    gsasl_init(&context_);
    gsasl_callback_set(context_, &SaslServer::callback);
    gsasl_callback_hook_set(context_, this);
    if (protocol_ == Protocol::smtp) say("220 mail.example.test ESMTP");
    if (protocol_ == Protocol::pop3) say("+OK ready <1896.697170952@dbc.mtview.ca.us>");
    if (protocol_ == Protocol::imap)
        say("* OK [CAPABILITY IMAP4rev1 LOGINDISABLED" + std::string(sasl_ir_ ? " SASL-IR" : "") +
            " AUTH=" + mechanism_ + "] ready");
}

SaslServer::~SaslServer() {
    if (session_ != nullptr) gsasl_finish(session_);
    gsasl_done(context_);
}

int SaslServer::callback(Gsasl* context, Gsasl_session* session, Gsasl_property property) {
    const auto& self = *static_cast<SaslServer*>(gsasl_callback_hook_get(context));
    const SaslAccount& account = self.account_;
    const auto is = [session](Gsasl_property which, const std::string& value) {
        const char* const text = gsasl_property_fast(session, which);
        return text != nullptr && value == text;
    };
    switch (property) {
        case GSASL_VALIDATE_SIMPLE:
            return is(GSASL_AUTHID, account.user) && is(GSASL_PASSWORD, account.password)
                       ? GSASL_OK
                       : GSASL_AUTHENTICATION_ERROR;
        case GSASL_PASSWORD:
            gsasl_property_set(session, property, account.password.c_str());
            return GSASL_OK;
        case GSASL_REALM:
            gsasl_property_set(session, property, "example.test");
            return GSASL_OK;
        case GSASL_CB_TLS_EXPORTER:
            if (account.bindings.tls_exporter.empty()) return GSASL_NO_CB_TLS_EXPORTER;
            gsasl_property_set(session, property, protocol::base64(account.bindings.tls_exporter).c_str());
            return GSASL_OK;
        default:
            return GSASL_NO_CALLBACK;
    }
}

Task<Result<std::string>> SaslServer::read_some(std::size_t limit, Deadline) {
    if (closed_) co_return failed(Stage::command, FailureKind::peer_closed, "closed");
    if (unread_.empty()) co_return failed(Stage::command, FailureKind::timed_out, "no answer");
    const std::size_t size = std::min(limit, unread_.size());
    std::string bytes = unread_.substr(0, size);
    unread_.erase(0, size);
    co_return bytes;
}

Task<Result<void>> SaslServer::write(std::string bytes, Deadline) {
    partial_ += bytes;
    for (auto end = partial_.find("\r\n"); end != std::string::npos; end = partial_.find("\r\n")) {
        const std::string line = partial_.substr(0, end);
        partial_.erase(0, end + 2);
        handle(line);
    }
    co_return Result<void>{};
}

void SaslServer::handle(const std::string& line) {
    if (session_ != nullptr) return step(line);
    commands_.push_back(line);
    if (protocol_ == Protocol::smtp) handle_smtp(line);
    if (protocol_ == Protocol::pop3) handle_pop3(line);
    if (protocol_ == Protocol::imap) handle_imap(line);
}

void SaslServer::handle_smtp(const std::string& line) {
    if (line.starts_with("EHLO")) {
        say("250-mail.example.test");
        say("250 AUTH " + mechanism_);
    } else if (line.starts_with("AUTH ")) {
        const auto space = line.find(' ', 5);
        begin(space == std::string::npos ? "" : line.substr(space + 1), space != std::string::npos);
    } else if (line.starts_with("MAIL FROM:")) {
        say(logged_in_ ? "250 2.1.0 Ok" : "530 5.7.0 Authentication required");
    } else {
        say("250 2.0.0 Ok");
    }
}

void SaslServer::handle_pop3(const std::string& line) {
    if (line == "CAPA") {
        for (const char* text : {"+OK", "RESP-CODES", "."}) {
            if (*text == '.') say("SASL " + mechanism_);
            say(text);
        }
    } else if (line.starts_with("AUTH ")) {
        const auto space = line.find(' ', 5);
        begin(space == std::string::npos ? "" : line.substr(space + 1), space != std::string::npos);
    } else if (line == "APOP mrose c4c9334bac560ecc979e58001b3e22fb") {  // RFC 1939 section 7
        logged_in_ = true;
        say("+OK maildrop has 1 message (369 octets)");
    } else if (line == "STAT") {
        say(logged_in_ ? "+OK 2 320" : "-ERR not logged in");
    } else {
        say("-ERR [AUTH] no");
    }
}

void SaslServer::handle_imap(const std::string& line) {
    tag_ = line.substr(0, line.find(' '));
    const std::string command = line.substr(std::min(tag_.size() + 1, line.size()));
    if (command.starts_with("AUTHENTICATE ")) {
        const auto space = command.find(' ', 13);
        begin(space == std::string::npos ? "" : command.substr(space + 1), space != std::string::npos);
    } else if (command == "EXAMINE INBOX") {
        say("* 17 EXISTS");
        say(tag_ + " OK [READ-ONLY] done");
    } else {
        say(tag_ + " BAD what?");
    }
}

void SaslServer::begin(const std::string& initial, bool has_initial) {
    done_ = false;
    if (gsasl_server_start(context_, mechanism_.c_str(), &session_) != GSASL_OK) return finish(false);
    const bool client_first = mechanism_ == "PLAIN" || mechanism_.starts_with("SCRAM");
    if (has_initial) return step(initial == "=" ? "" : initial);
    if (client_first) return say_challenge("");
    step("");
}

void SaslServer::say_challenge(const std::string& base64) {
    say((protocol_ == Protocol::smtp ? "334 " : "+ ") + base64);
}

void SaslServer::step(const std::string& base64) {
    if (base64 == "*") return finish(false);
    if (done_) return finish(base64.empty());
    char* out = nullptr;
    const int result = gsasl_step64(session_, base64.c_str(), &out);
    const std::string text = out != nullptr ? out : "";
    gsasl_free(out);
    if (result == GSASL_NEEDS_MORE) return say_challenge(text);
    if (result != GSASL_OK) return finish(false);
    if (text.empty()) return finish(true);
    done_ = true;  // the server's proof, which the client answers with an empty line
    say_challenge(text);
}

void SaslServer::finish(bool accepted) {
    if (session_ != nullptr) gsasl_finish(std::exchange(session_, nullptr));
    logged_in_ = accepted;
    if (protocol_ == Protocol::smtp)
        say(accepted ? "235 2.7.0 Authentication successful"
                     : "535 5.7.8 Error: authentication failed: " + account_.password);
    if (protocol_ == Protocol::pop3) say(accepted ? "+OK Logged in." : "-ERR [AUTH] Authentication failed.");
    if (protocol_ == Protocol::imap)
        say(tag_ + (accepted ? " OK Logged in" : " NO [AUTHENTICATIONFAILED] Authentication failed."));
}

net::Upgrade SaslServer::upgrade(net::ChannelBindings bindings, bool verified) {
    struct Run {
        static Task<net::UpgradeResult> handshake(net::StreamPtr plain, net::ChannelBindings bindings,
                                                  bool verified) {
            net::UpgradeResult result{.stream = std::move(plain),
                                      .bindings = [bindings] { return bindings; }};
            result.facts.completed = true;
            result.facts.version = "TLSv1.3";
            result.facts.verified = verified;
            co_return result;
        }
    };
    return [bindings = std::move(bindings), verified](net::StreamPtr plain, Deadline) {
        return Run::handshake(std::move(plain), bindings, verified);
    };
}

}  // namespace maildoctor::testing
