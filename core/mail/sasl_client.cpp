#include "core/mail/sasl_client.h"

#include <algorithm>
#include <utility>

#include "core/protocol/sasl_encoding.h"

namespace maildoctor::mail {
namespace {

using Message = std::shared_ptr<const Secret>;

Message shared(Secret message) {
    return std::make_shared<const Secret>(std::move(message));
}

/// PLAIN: one message, sent first.
class PlainClient final : public SaslClient {
public:
    explicit PlainClient(const SaslCredentials& credentials)
        : message_(shared(protocol::plain_message(credentials.user, *credentials.secret))) {}
    bool speaks_first() const noexcept override { return true; }
    Result<Message> answer(std::string_view /*challenge*/) override { return message_; }

private:
    Message message_;
};

/// LOGIN (draft-murchison-sasl-login): the server asks for the name, then for the password; what it asks with
/// is not looked at.
class LoginClient final : public SaslClient {
public:
    explicit LoginClient(const SaslCredentials& credentials) : credentials_(credentials) {}
    bool speaks_first() const noexcept override { return false; }
    Result<Message> answer(std::string_view /*challenge*/) override {
        ++asked_;
        if (asked_ == 1) return shared(Secret(std::string(credentials_.user)));
        if (asked_ == 2) return credentials_.secret;
        return failed(Stage::login, FailureKind::bad_syntax, "the server asks more than name and password");
    }

private:
    SaslCredentials credentials_;
    int asked_{0};
};

/// XOAUTH2 and OAUTHBEARER: one message. A server that refuses sends its reasons as a challenge, which is
/// answered so that the exchange can end (RFC 7628 section 3.2.3).
class TokenClient final : public SaslClient {
public:
    TokenClient(Secret message, std::string closing)
        : message_(shared(std::move(message))), closing_(std::move(closing)) {}
    bool speaks_first() const noexcept override { return true; }
    Result<Message> answer(std::string_view /*challenge*/) override {
        if (message_) return std::exchange(message_, nullptr);
        return shared(Secret(std::string(closing_)));
    }

private:
    Message message_;
    std::string closing_;
};

}  // namespace

const std::vector<std::string>& sasl_mechanisms() {
    static const std::vector<std::string> all = {
        "PLAIN",      "LOGIN",   "SCRAM-SHA-256", "SCRAM-SHA-1",        "CRAM-MD5",
        "DIGEST-MD5", "XOAUTH2", "OAUTHBEARER",   "SCRAM-SHA-256-PLUS", "SCRAM-SHA-1-PLUS"};
    return all;
}

bool needs_stored_verifier(std::string_view mechanism) noexcept {
    return mechanism == "APOP" || mechanism.starts_with("CRAM-") || mechanism.starts_with("DIGEST-") ||
           mechanism.starts_with("SCRAM-");
}

bool takes_token(std::string_view mechanism) noexcept {
    return mechanism == "XOAUTH2" || mechanism == "OAUTHBEARER";
}

Result<std::unique_ptr<SaslClient>> make_sasl_client(std::string_view mechanism,
                                                     const SaslCredentials& credentials) {
    if (mechanism == "PLAIN") return std::make_unique<PlainClient>(credentials);
    if (mechanism == "LOGIN") return std::make_unique<LoginClient>(credentials);
    if (mechanism == "XOAUTH2")
        return std::make_unique<TokenClient>(protocol::xoauth2_message(credentials.user, *credentials.secret),
                                             "");
    if (mechanism == "OAUTHBEARER")
        return std::make_unique<TokenClient>(
            protocol::oauthbearer_message(credentials.user, credentials.host.text(),
                                          credentials.port.number(), *credentials.secret),
            "\x01");
    if (std::ranges::find(sasl_mechanisms(), mechanism) == sasl_mechanisms().end())
        return failed(Stage::login, FailureKind::not_possible,
                      "unknown login mechanism " + std::string(mechanism));
    return make_gsasl_client(mechanism, credentials);
}

}  // namespace maildoctor::mail
