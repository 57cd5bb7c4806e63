// Microsoft Autodiscover, the answer in plain old XML ([MS-OXDSCLI] section 2.2.4).
#include <algorithm>
#include <array>
#include <utility>

#include "core/discover/reading.h"
#include "core/model/text.h"

namespace maildoctor::discover {
namespace {

constexpr std::string_view response_schema =
    "http://schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006a";

std::string_view text_of(const Element& parent, std::string_view name) {
    const Element* const child = parent.child(name);
    return child == nullptr ? std::string_view() : trimmed(child->text);
}

class AutodiscoverReader {
public:
    explicit AutodiscoverReader(const EmailAddress& email) : email_(email) {}

    PublishedDocument read(const Element& root) {
        if (root.name != "Autodiscover") {
            refuse(root, "wrong-root-element", root.name,
                   "the document begins with <" + shown(root.name) + ">, not with <Autodiscover>");
            return std::move(document_);
        }
        const Element* const response = root.child("Response");
        if (response == nullptr) {
            refuse(root, "missing-element", "Response", "there is no <Response> element");
            return std::move(document_);
        }
        if (const Element* error = response->child("Error")) {
            refuse(*error, "error-response", "Error",
                   "the server answers with error " + shown(text_of(*error, "ErrorCode")) + ": " +
                       shown(text_of(*error, "Message")));
            return std::move(document_);
        }
        look_at_schema(*response);
        const Element* const account = response->child("Account");
        if (account == nullptr) {
            refuse(*response, "missing-element", "Account", "there is no <Account> element");
            return std::move(document_);
        }
        read_account(*account);
        return std::move(document_);
    }

private:
    void add(const Element& place, const char* kind, const std::string& element, std::string text,
             std::vector<std::string> dropped_by) {
        document_.faults.push_back(fault_at(place, kind, element, std::move(text), std::move(dropped_by)));
    }
    void refuse(const Element& place, const char* kind, const std::string& element, std::string text) {
        document_.readable = false;
        add(place, kind, element, std::move(text), {"outlook", "thunderbird"});
    }

    void look_at_schema(const Element& response) {
        const std::string* const schema = response.attribute("xmlns");
        const bool prefixed = std::ranges::any_of(response.attributes, [](const auto& pair) {
            return pair.first.starts_with("xmlns:") && pair.second == response_schema;
        });
        if (prefixed || (schema != nullptr && *schema == response_schema)) return;
        add(response, "invalid-value", "Response",
            "the namespace of <Response> is not " + std::string(response_schema), {"outlook"});
    }

    void read_account(const Element& account) {
        document_.redirect_url = shown(text_of(account, "RedirectUrl"));
        document_.redirect_address = shown(text_of(account, "RedirectAddr"));
        if (!document_.redirect_url.empty() || !document_.redirect_address.empty()) return;
        const auto action = text_of(account, "Action");
        if (!same_word(action, "settings"))
            add(account, action.empty() ? "missing-element" : "invalid-value", "Action",
                "<Action> is not 'settings'", {"outlook"});
        bool any = false;
        for (const Element& child : account.children) {
            if (child.name != "Protocol") continue;
            any = true;
            read_protocol(child);
        }
        if (!any) {
            refuse(account, "missing-element", "Protocol", "there is no <Protocol> element");
            return;
        }
        if (document_.exchange) return;
        judge_side(account, document_.settings.incoming, incoming_defects_, "no-incoming-server",
                   "there is no <Protocol> for IMAP or POP3");
        judge_side(account, document_.settings.outgoing, outgoing_defects_, "no-outgoing-server",
                   "there is no <Protocol> for SMTP");
    }

    /// A side without any server drops the answer: for the defects of its sections, or because it has none.
    void judge_side(const Element& account, const std::vector<ServerSetting>& servers,
                    const std::vector<std::size_t>& defects, const char* kind, const char* text) {
        if (!servers.empty()) return;
        for (const std::size_t index : defects)
            document_.faults[index].dropped_by = {"outlook", "thunderbird"};
        if (defects.empty()) add(account, kind, "Protocol", text, {"outlook", "thunderbird"});
    }

    void read_protocol(const Element& place) {
        std::string type = upper_case(text_of(place, "Type"));
        if (type.empty())
            if (const std::string* attribute = place.attribute("Type")) type = upper_case(*attribute);
        if (type == "WEB") return read_web(place);
        if (type == "EXCH" || type == "EXPR" || type == "EXHTTP") return read_exchange(place);
        const auto protocol = type == "IMAP"   ? std::optional(Protocol::imap)
                              : type == "POP3" ? std::optional(Protocol::pop3)
                              : type == "SMTP" ? std::optional(Protocol::smtp)
                                               : std::nullopt;
        if (!protocol) {
            document_.skipped.push_back(
                {shown(type), shown(text_of(place, "Server")), "protocol not handled"});
            return;
        }
        read_server(place, *protocol);
    }

    /// A section that gives no setting, and where in it the fault stands.
    void skip(const Element& section, const Element& place, Protocol protocol, const char* kind,
              const char* element, std::string text, std::string reason) {
        (protocol == Protocol::smtp ? outgoing_defects_ : incoming_defects_)
            .push_back(document_.faults.size());
        add(place, kind, element, std::move(text), {});
        document_.skipped.push_back(
            {std::string(word(protocol)), shown(text_of(section, "Server")), std::move(reason)});
    }

    void read_server(const Element& place, Protocol protocol) {
        const Element* const server = place.child("Server");
        if (server == nullptr || trimmed(server->text).empty())
            return skip(place, place, protocol, "missing-element", "Server",
                        "the section has no <Server> element", "missing hostname");
        const auto host = strict_host(server->text);
        if (!host)
            return skip(place, *server, protocol, "invalid-value", "Server",
                        "'" + shown(server->text) + "' is not a host name", "invalid hostname");
        const std::string_view digits = text_of(place, "Port");
        std::optional<Port> port = Port::from(digits);
        if (!digits.empty() && !port)
            return skip(place, *place.child("Port"), protocol, "invalid-value", "Port",
                        "'" + shown(digits) + "' is not a port from 1 to 65535", "invalid port");
        const Security security = read_security(place, protocol, port);
        if (!port) port = usual_port(protocol, security);
        ServerSetting setting{.protocol = protocol,
                              .host = *host,
                              .port = *port,
                              .security = security,
                              .auth = read_auth(place, protocol),
                              .source = "autodiscover"};
        const std::string_view login = text_of(place, "LoginName");
        setting.username = login.empty() ? email_.text() : std::string(login);
        auto& side = protocol == Protocol::smtp ? document_.settings.outgoing : document_.settings.incoming;
        side.push_back(std::move(setting));
    }

    /// <Encryption>, where it stands, counts instead of <SSL> ([MS-OXDSCLI] section 2.2.4.1.1.2.6.11); <SSL>
    /// alone is on unless it says off, and does not tell TLS from STARTTLS.
    static Security read_security(const Element& place, Protocol protocol, std::optional<Port> port) {
        const std::string encryption = upper_case(text_of(place, "Encryption"));
        if (encryption == "NONE") return Security::none;
        if (encryption == "SSL") return Security::tls;
        if (encryption == "TLS") return Security::starttls;
        if (encryption != "AUTO" && same_word(text_of(place, "SSL"), "off")) return Security::none;
        return encrypted_on(port.value_or(usual_port(protocol, Security::tls)));
    }

    static std::vector<std::string> read_auth(const Element& place, Protocol protocol) {
        if (protocol == Protocol::smtp && same_word(text_of(place, "AuthRequired"), "off")) return {"none"};
        if (same_word(text_of(place, "SPA"), "on")) return {"NTLM"};
        return {"password-cleartext"};
    }

    ExchangeHint& hint() {
        if (!document_.exchange) document_.exchange.emplace();
        return *document_.exchange;
    }

    void read_exchange(const Element& place) {
        ExchangeHint& exchange = hint();
        if (exchange.ews_url.empty()) exchange.ews_url = shown(text_of(place, "EwsUrl"));
        if (exchange.ews_url.empty()) exchange.ews_url = shown(text_of(place, "ASUrl"));
        take_host(exchange.ews_url);
    }

    /// The address for people outside wins over the one for the inside.
    void read_web(const Element& place) {
        const Element* side = place.child("External");
        if (side == nullptr) side = place.child("Internal");
        if (side == nullptr) return;
        ExchangeHint& exchange = hint();
        if (exchange.owa_url.empty()) exchange.owa_url = shown(text_of(*side, "OWAUrl"));
        if (const Element* inner = side->child("Protocol"); inner != nullptr && exchange.ews_url.empty())
            exchange.ews_url = shown(text_of(*inner, "ASUrl"));
        take_host(exchange.owa_url);
    }

    void take_host(std::string_view url) {
        ExchangeHint& exchange = hint();
        constexpr std::string_view scheme = "https://";
        if (!exchange.host.empty() || !url.starts_with(scheme)) return;
        url.remove_prefix(scheme.size());
        const std::string_view authority = url.substr(0, url.find_first_of("/?#"));
        const std::size_t colon = authority.rfind(':');
        const auto host = strict_host(authority.substr(0, colon));
        if (!host) return;
        exchange.host = host->text();
        exchange.port =
            colon == std::string_view::npos ? Port::from(443) : Port::from(authority.substr(colon + 1));
    }

    const EmailAddress& email_;
    PublishedDocument document_;
    std::vector<std::size_t> incoming_defects_, outgoing_defects_;  // indices into document_.faults
};

}  // namespace

PublishedDocument read_autodiscover(const Element& root, const EmailAddress& email) {
    return AutodiscoverReader(email).read(root);
}

}  // namespace maildoctor::discover
