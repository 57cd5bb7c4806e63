// Apple configuration profiles: a property list with payloads of the type com.apple.mail.managed.
#include <algorithm>
#include <array>
#include <utility>

#include "core/discover/document.h"
#include "core/discover/reading.h"
#include "core/model/text.h"

namespace maildoctor::discover {
namespace {

constexpr std::string_view mail_payload = "com.apple.mail.managed";
constexpr const char* apple_mail = "apple-mail";

/// The value that follows <key>name</key> in a <dict>, or nullptr.
const Element* value_of(const Element& dict, std::string_view name) {
    for (std::size_t i = 0; i + 1 < dict.children.size(); ++i) {
        if (dict.children[i].name == "key" && trimmed(dict.children[i].text) == name)
            return &dict.children[i + 1];
    }
    return nullptr;
}

std::string_view text_of(const Element& dict, std::string_view name) {
    const Element* const value = value_of(dict, name);
    return value == nullptr ? std::string_view() : trimmed(value->text);
}

class ProfileReader {
public:
    explicit ProfileReader(const EmailAddress& email) : email_(email) {}

    PublishedDocument read(const Element& root) {
        if (root.name != "plist") {
            refuse(root, "wrong-root-element", root.name,
                   "the document begins with <" + shown(root.name) + ">, not with <plist>");
            return std::move(document_);
        }
        const Element* const profile = root.child("dict");
        if (profile == nullptr) {
            refuse(root, "missing-element", "dict", "there is no <dict> element");
            return std::move(document_);
        }
        if (text_of(*profile, "PayloadType") == mail_payload) read_payload(*profile);
        const Element* const content = value_of(*profile, "PayloadContent");
        if (content != nullptr) {
            for (const Element& payload : content->children)
                if (payload.name == "dict" && text_of(payload, "PayloadType") == mail_payload)
                    read_payload(payload);
        }
        if (payloads_ == 0)
            refuse(content == nullptr ? *profile : *content, "missing-element", "PayloadContent",
                   "there is no payload of the type com.apple.mail.managed");
        return std::move(document_);
    }

private:
    void add(const Element& place, const char* kind, std::string element, std::string text) {
        document_.faults.push_back(fault_at(place, kind, std::move(element), std::move(text), {apple_mail}));
    }
    /// What Apple Mail takes, and its user or owner can't want.
    void note(const Element& place, const char* kind, std::string element, std::string text) {
        document_.faults.push_back(fault_at(place, kind, std::move(element), std::move(text)));
    }
    void refuse(const Element& place, const char* kind, const std::string& element, std::string text) {
        document_.readable = false;
        add(place, kind, element, std::move(text));
    }

    void read_payload(const Element& payload) {
        ++payloads_;
        const std::string_view type = text_of(payload, "EmailAccountType");
        const auto incoming = type == "EmailTypeIMAP"  ? std::optional(Protocol::imap)
                              : type == "EmailTypePOP" ? std::optional(Protocol::pop3)
                                                       : std::nullopt;
        if (!incoming) {
            const Element* const value = value_of(payload, "EmailAccountType");
            add(value == nullptr ? payload : *value, value == nullptr ? "missing-element" : "invalid-value",
                "EmailAccountType", "EmailAccountType is neither EmailTypeIMAP nor EmailTypePOP");
            document_.skipped.push_back(
                {shown(type), shown(text_of(payload, "IncomingMailServerHostName")), "protocol not handled"});
        } else {
            read_server(payload, "Incoming", *incoming, document_.settings.incoming);
        }
        read_server(payload, "Outgoing", Protocol::smtp, document_.settings.outgoing);
    }

    void read_server(const Element& payload, const std::string& side, Protocol protocol,
                     std::vector<ServerSetting>& out) {
        const std::string prefix = side + "MailServer";
        const auto host = read_host(payload, prefix + "HostName", protocol);
        auto auth = read_auth(payload, prefix + "Authentication");
        const auto port = read_port(payload, prefix + "PortNumber");
        look_for_password(payload, side + "Password");
        if (!host || !port) return;
        const Element* const ssl = value_of(payload, prefix + "UseSSL");
        const bool encrypted = ssl != nullptr && ssl->name == "true";
        if (!encrypted) judge_plain(payload, ssl, *port, prefix + "UseSSL");
        if (!*port)
            note(payload, "missing-element", prefix + "PortNumber",
                 side == "Outgoing" ? "no port is given: Apple Mail tries 25, 587 and 465 one after the other"
                                    : "no port is given: Apple Mail takes the usual one");
        const Port number = port->value_or(usual_port(
            protocol, encrypted && protocol != Protocol::smtp ? Security::tls : Security::starttls));
        ServerSetting setting{.protocol = protocol,
                              .host = *host,
                              .port = number,
                              .security = encrypted ? encrypted_on(number) : Security::none,
                              .auth = std::move(auth),
                              .source = "mobileconfig"};
        const std::string_view name = text_of(payload, prefix + "Username");
        if (!name.empty()) setting.username = fill_placeholders(name, email_);
        out.push_back(std::move(setting));
    }

    /// UseSSL is off where nobody sets it; at the ports of TLS nothing works then.
    void judge_plain(const Element& payload, const Element* ssl, std::optional<Port> port,
                     const std::string& key) {
        const auto usual = port ? custom_of(*port) : std::nullopt;
        const bool tls_port = usual && usual->security == Security::tls;
        note(ssl == nullptr ? payload : *ssl, ssl == nullptr ? "missing-element" : "invalid-value", key,
             tls_port ? "port " + std::to_string(port->number()) + " wants encryption from the start, and " +
                            key + " is not on"
                      : key + " is not on: nothing is encrypted");
    }

    /// Never shown: only that it is there.
    void look_for_password(const Element& payload, const std::string& key) {
        const Element* const value = value_of(payload, key);
        if (value != nullptr && !trimmed(value->text).empty())
            note(*value, "password-inside", key,
                 "the password stands in the file, for everybody who gets it");
    }

    std::optional<HostName> read_host(const Element& payload, const std::string& key, Protocol protocol) {
        const Element* const value = value_of(payload, key);
        const auto skip = [&](const char* reason) {
            document_.skipped.push_back({std::string(word(protocol)), shown(text_of(payload, key)), reason});
        };
        if (value == nullptr || trimmed(value->text).empty()) {
            add(payload, "missing-element", key, "the payload has no " + key);
            skip("missing hostname");
            return std::nullopt;
        }
        auto host = strict_host(value->text);
        if (!host) {
            add(*value, "invalid-value", key, "'" + shown(value->text) + "' is not a host name");
            skip("invalid hostname");
        }
        return host;
    }

    /// @return nothing when the value cannot be used; an empty optional inside when there is none
    std::optional<std::optional<Port>> read_port(const Element& payload, const std::string& key) {
        const Element* const value = value_of(payload, key);
        if (value == nullptr) return std::optional<Port>();
        const auto port = Port::from(trimmed(value->text));
        if (value->name == "integer" && port) return port;
        add(*value, "invalid-value", key, "'" + shown(value->text) + "' is not an <integer> from 1 to 65535");
        return std::nullopt;
    }

    std::vector<std::string> read_auth(const Element& payload, const std::string& key) {
        constexpr std::array<std::pair<std::string_view, const char*>, 5> words = {
            {{"EmailAuthPassword", "password-cleartext"},
             {"EmailAuthCRAMMD5", "password-encrypted"},
             {"EmailAuthHTTPMD5", "password-encrypted"},
             {"EmailAuthNTLM", "NTLM"},
             {"EmailAuthNone", "none"}}};
        const Element* const value = value_of(payload, key);
        if (value == nullptr) {
            add(payload, "missing-element", key, "the payload has no " + key);
            return {};
        }
        const auto known =
            std::ranges::find_if(words, [&](const auto& pair) { return pair.first == trimmed(value->text); });
        if (known != words.end()) return {known->second};
        add(*value, "invalid-value", key,
            "'" + shown(value->text) + "' is no login method of Apple's profiles");
        return {};
    }

    const EmailAddress& email_;
    PublishedDocument document_;
    std::size_t payloads_{0};
};

}  // namespace

PublishedDocument read_mobileconfig(const Element& root, const EmailAddress& email) {
    return ProfileReader(email).read(root);
}

}  // namespace maildoctor::discover
