// GNU SASL behind the interface of sasl_client.h: the one file that includes its header.
#include <gsasl.h>

#include <array>
#include <utility>

#include "core/mail/sasl_client.h"
#include "core/model/owned.h"
#include "core/protocol/sasl_encoding.h"

namespace maildoctor::mail {
namespace {

using ContextPtr = Owned<Gsasl, gsasl_done>;

/// The library copies the password and frees the copy without wiping: done here before.
void finish(Gsasl_session* session) noexcept {
    for (const Gsasl_property property : std::to_array({GSASL_PASSWORD, GSASL_SCRAM_SALTED_PASSWORD})) {
        const char* const copy = gsasl_property_fast(session, property);
        if (copy != nullptr) wipe(const_cast<char*>(copy), std::string_view(copy).size());
    }
    gsasl_finish(session);
}
using SessionPtr = Owned<Gsasl_session, finish>;

Failure gsasl_failure(FailureKind kind, int error) {
    const char* const text = gsasl_strerror(error);
    return Failure{.stage = Stage::login, .kind = kind, .text = text != nullptr ? text : "GNU SASL failed"};
}

std::string_view service_name(Protocol protocol) noexcept {
    switch (protocol) {
        case Protocol::smtp:
            return "smtp";
        case Protocol::pop3:
            return "pop";
        case Protocol::imap:
            break;
    }
    return "imap";
}

class GsaslClient final : public SaslClient {
public:
    GsaslClient(ContextPtr context, SessionPtr session, bool speaks_first, bool proves)
        : context_(std::move(context)),
          session_(std::move(session)),
          speaks_first_(speaks_first),
          proves_(proves) {}

    bool speaks_first() const noexcept override { return speaks_first_; }
    bool is_complete() const noexcept override { return done_ || !proves_; }

    Result<std::shared_ptr<const Secret>> answer(std::string_view challenge) override {
        if (done_) {
            // DIGEST-MD5 and SCRAM end with the server's proof; what is left to say is nothing.
            if (challenge.empty()) return std::make_shared<const Secret>(std::string{});
            return failed(Stage::login, FailureKind::bad_syntax,
                          "the server goes on after the end of the exchange");
        }
        char* out = nullptr;
        std::size_t size = 0;
        const int result = gsasl_step(session_.get(), challenge.data(), challenge.size(), &out, &size);
        const Owned<char, gsasl_free> owner(out);
        if (result != GSASL_OK && result != GSASL_NEEDS_MORE)
            return std::unexpected(gsasl_failure(FailureKind::bad_syntax, result));
        done_ = result == GSASL_OK;
        auto message = std::make_shared<const Secret>(size > 0 ? std::string(out, size) : std::string{});
        if (out != nullptr) wipe(out, size);
        return message;
    }

private:
    ContextPtr context_;
    SessionPtr session_;
    bool speaks_first_;
    bool proves_;
    bool done_{false};
};

/// Values go in as they are: neither may hold a NUL, which the caller has checked.
int set(Gsasl_session* session, Gsasl_property property, std::string_view value) {
    return gsasl_property_set_raw(session, property, value.data(), value.size());
}

}  // namespace

Result<std::unique_ptr<SaslClient>> make_gsasl_client(std::string_view mechanism,
                                                      const SaslCredentials& credentials) {
    const bool plus = mechanism.ends_with("-PLUS");
    if (plus && credentials.bindings.tls_exporter.empty() && credentials.bindings.tls_unique.empty())
        return failed(Stage::login, FailureKind::not_possible,
                      "no channel bindings for " + std::string(mechanism));
    Gsasl* raw_context = nullptr;
    if (const int error = gsasl_init(&raw_context); error != GSASL_OK)
        return std::unexpected(gsasl_failure(FailureKind::not_possible, error));
    ContextPtr context(raw_context);
    Gsasl_session* raw_session = nullptr;
    if (const int error = gsasl_client_start(context.get(), std::string(mechanism).c_str(), &raw_session);
        error != GSASL_OK)
        return std::unexpected(gsasl_failure(FailureKind::not_possible, error));
    SessionPtr session(raw_session);
    int error = set(raw_session, GSASL_AUTHID, credentials.user);
    if (error == GSASL_OK) error = set(raw_session, GSASL_PASSWORD, credentials.secret->reveal());
    if (error == GSASL_OK) error = set(raw_session, GSASL_SERVICE, service_name(credentials.protocol));
    if (error == GSASL_OK) error = set(raw_session, GSASL_HOSTNAME, credentials.host.text());
    // Answered in a session without -PLUS, the bindings make the first step fail.
    if (error == GSASL_OK && plus && !credentials.bindings.tls_exporter.empty())
        error = set(raw_session, GSASL_CB_TLS_EXPORTER, protocol::base64(credentials.bindings.tls_exporter));
    if (error == GSASL_OK && plus && !credentials.bindings.tls_unique.empty())
        error = set(raw_session, GSASL_CB_TLS_UNIQUE, protocol::base64(credentials.bindings.tls_unique));
    if (error != GSASL_OK) return std::unexpected(gsasl_failure(FailureKind::not_possible, error));
    const bool scram = mechanism.starts_with("SCRAM-");
    return std::make_unique<GsaslClient>(std::move(context), std::move(session), scram,
                                         scram || mechanism == "DIGEST-MD5");
}

}  // namespace maildoctor::mail
