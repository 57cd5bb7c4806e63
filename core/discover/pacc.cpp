#include "core/discover/pacc.h"

#include <Poco/SHA2Engine.h>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "core/discover/reading.h"
#include "core/json/json.h"
#include "core/model/text.h"
#include "core/protocol/sasl_encoding.h"

namespace maildoctor::discover {
namespace {

using json::Value;

constexpr json::Limits document_limits{.octets = 1U << 20U, .depth = 32, .values = 20'000};
constexpr std::size_t digest_octets = 32;

std::string sha256(std::string_view bytes) {
    Poco::SHA2Engine engine(Poco::SHA2Engine::SHA_256);
    engine.update(bytes.data(), bytes.size());
    const auto& digest = engine.digest();
    return {digest.begin(), digest.end()};
}

/// The digest of one record, or nothing when it is another kind of record.
std::optional<std::string> digest_in(std::string_view record) {
    std::string version, algorithm, digest;
    while (!record.empty()) {
        const std::string_view tag = trimmed(record.substr(0, record.find(';')));
        record.remove_prefix(std::min(record.size(), record.find(';') == std::string_view::npos
                                                         ? record.size()
                                                         : record.find(';') + 1));
        const std::size_t equals = tag.find('=');
        if (equals == std::string_view::npos) continue;
        const std::string_view name = trimmed(tag.substr(0, equals)), value = trimmed(tag.substr(equals + 1));
        if (name == "v") version = value;
        if (name == "a") algorithm = value;
        if (name == "d") digest = value;
    }
    if (version != "UAAC1" || !same_word(algorithm, "sha256")) return std::nullopt;
    auto octets = protocol::from_base64(digest);
    if (!octets || octets->size() != digest_octets) return std::nullopt;
    return octets;
}

class PaccReader {
public:
    explicit PaccReader(const EmailAddress& email) : email_(email) {}

    PublishedDocument read(const Value& root) {
        const Value& protocols = root["protocols"];
        if (!protocols.is_object()) {
            document_.readable = false;
            fault("missing-element", "protocols", "the document has no \"protocols\"");
            return std::move(document_);
        }
        read_login(root["authentication"]);
        static constexpr std::array<std::pair<const char*, Protocol>, 3> known = {
            {{"imap", Protocol::imap}, {"pop3", Protocol::pop3}, {"smtp", Protocol::smtp}}};
        for (const auto& [name, protocol] : known)
            if (const Value& server = protocols[name]; !server.is_null()) read_server(server, name, protocol);
        for (const auto& [name, server] : protocols.object())
            if (name == "jmap" || name == "exchange")
                document_.skipped.push_back({name, shown(server["url"].text()), "protocol not handled"});
        if (!root["info"]["provider"]["name"].is_text())
            fault("missing-element", "info", "\"info\" names no provider");
        return std::move(document_);
    }

private:
    void fault(const char* kind, const char* element, std::string text) {
        document_.faults.push_back({.kind = kind, .element = element, .text = std::move(text)});
    }

    void read_login(const Value& authentication) {
        document_.oauth2_issuer = shown(authentication["oauth-public"]["issuer"].text());
        if (!document_.oauth2_issuer.empty()) methods_.emplace_back("OAuth2");
        if (authentication["password"].boolean()) methods_.emplace_back("password-cleartext");
    }

    void read_server(const Value& server, const char* name, Protocol protocol) {
        const std::string& written = server["host"].text();
        const auto host = strict_host(written);
        if (!host) {
            fault(written.empty() ? "missing-element" : "invalid-value", name,
                  written.empty() ? std::string(name) + " has no \"host\""
                                  : "'" + shown(written) + "' is not a host name");
            document_.skipped.push_back(
                {name, shown(written), written.empty() ? "missing hostname" : "invalid hostname"});
            return;
        }
        auto& side = protocol == Protocol::smtp ? document_.settings.outgoing : document_.settings.incoming;
        side.push_back({.protocol = protocol,
                        .host = *host,
                        .port = usual_port(protocol, Security::tls),
                        .security = Security::tls,
                        .username = email_.text(),
                        .auth = methods_,
                        .source = "pacc"});
    }

    const EmailAddress& email_;
    PublishedDocument document_;
    std::vector<std::string> methods_;
};

}  // namespace

PaccDigest check_pacc_digest(const std::vector<std::string>& texts, std::string_view body) {
    const std::string wanted = sha256(body);
    PaccDigest result = PaccDigest::missing;
    for (const std::string& text : texts) {
        const auto digest = digest_in(text);
        if (!digest) continue;
        if (*digest == wanted) return PaccDigest::matches;
        result = PaccDigest::differs;
    }
    return result;
}

std::string pacc_record(std::string_view body) {
    return "v=UAAC1; a=sha256; d=" + protocol::base64(sha256(body));
}

PublishedDocument read_pacc(std::string_view bytes, const EmailAddress& email) {
    const auto root = json::read(bytes, document_limits);
    if (root && root->is_object()) return PaccReader(email).read(*root);
    PublishedDocument document{.readable = false};
    const std::string why = root ? "is not a JSON object" : root.error();
    document.faults.push_back({.kind = why == "is too large"         ? "too-large"
                                       : why == "is nested too deep" ? "too-deep"
                                                                     : "not-well-formed",
                               .text = "the document " + why});
    return document;
}

AutodiscoverPointer read_autodiscover_pointer(std::string_view bytes) {
    const auto root = json::read(bytes, document_limits);
    if (!root) return {.error = "the answer " + root.error()};
    const std::string code = shown(root->any_case("ErrorCode").text());
    if (!code.empty()) return {.error = code + ": " + shown(root->any_case("ErrorMessage").text())};
    std::string url = shown(root->any_case("Url").text());
    if (url.empty() || !same_word(root->any_case("Protocol").text(), "AutodiscoverV1"))
        return {.error = "the answer names no address for AutodiscoverV1"};
    return {.url = std::move(url)};
}

}  // namespace maildoctor::discover
