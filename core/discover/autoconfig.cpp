// Mozilla autoconfig. What Thunderbird and Thunderbird for Android (K-9) refuse differs: the former leaves
// out a server section with a defect, the latter throws the file away, but looks at IMAP and SMTP sections
// only.
#include <algorithm>
#include <array>
#include <charconv>
#include <tuple>
#include <utility>

#include "core/discover/document.h"
#include "core/discover/reading.h"
#include "core/model/text.h"

namespace maildoctor::discover {
namespace {

constexpr const char* thunderbird = "thunderbird";
constexpr const char* k9 = "k9";

/// A login method: its word, the word that is used today, and who knows it.
struct AuthWord {
    std::string_view word;
    std::string_view modern;
    bool outgoing_only;
    bool known_to_k9;
};
constexpr std::array<AuthWord, 10> auth_words = {{
    {"password-cleartext", "password-cleartext", false, true},
    {"plain", "password-cleartext", false, false},
    {"password-encrypted", "password-encrypted", false, true},
    {"secure", "password-encrypted", false, false},
    {"OAuth2", "OAuth2", false, true},
    {"GSSAPI", "GSSAPI", false, false},
    {"NTLM", "NTLM", false, false},
    {"none", "none", true, false},
    {"client-IP-address", "client-IP-address", true, false},
    {"smtp-after-pop", "smtp-after-pop", true, false},
}};

/// Types of incoming servers that only Thunderbird takes.
constexpr std::array<std::string_view, 6> other_types = {"exchange", "ews", "owa", "eas", "graph", "nntp"};

/// A defect, and whose reading of the section it ends.
struct Defect {
    DocumentFault fault;
    bool for_k9{false};
    bool for_thunderbird{false};
    bool ends_section{false};  ///< it is why the section gives no setting
};

/// One <incomingServer> or <outgoingServer> as the programs see it.
struct Section {
    Role role{};
    std::string type{};
    std::optional<ServerSetting> setting{};
    bool known_to_k9{false};  ///< imap, smtp
    bool usable_for_thunderbird{false};
    std::string reason{};  ///< why there is no setting
    std::string host_as_written{};
    std::vector<Defect> defects{};
};

class SectionReader {
public:
    SectionReader(const Element& place, Role role, const EmailAddress& email)
        : place_(place), email_(email), section_{.role = role} {}

    Section read() {
        const std::string* const type = place_.attribute("type");
        section_.type = type == nullptr ? "" : *type;
        if (const Element* host = place_.child("hostname")) section_.host_as_written = shown(host->text);
        const auto protocol = protocol_from(section_.type);
        if (!protocol || role_of(*protocol) != section_.role) {
            section_.reason = "protocol not handled";
            // Exchange and its relatives: Thunderbird takes them, others skip them without a word.
            section_.usable_for_thunderbird =
                section_.role == Role::incoming &&
                std::ranges::find(other_types, section_.type) != other_types.end();
            return std::move(section_);
        }
        section_.known_to_k9 = *protocol != Protocol::pop3;
        section_.usable_for_thunderbird = true;
        read_values(*protocol);
        return std::move(section_);
    }

private:
    void read_values(Protocol protocol) {
        const auto host = read_host();
        const auto port = read_port();
        const auto security = read_security();
        std::vector<std::string> auth = read_auth();
        const auto username = read_username();
        if (!section_.reason.empty()) return;
        section_.setting = ServerSetting{.protocol = protocol,
                                         .host = *host,
                                         .port = *port,
                                         .security = *security,
                                         .auth = std::move(auth),
                                         .source = "autoconfig"};
        if (!username) return;
        section_.setting->username = fill_placeholders(*username, email_);
        section_.setting->username_form = *username;
    }

    /// Notes a defect that leaves the section without a setting.
    void give_up(DocumentFault fault, const char* reason, bool for_thunderbird = true) {
        if (section_.reason.empty()) section_.reason = reason;
        if (for_thunderbird) section_.usable_for_thunderbird = false;
        section_.defects.push_back({std::move(fault), true, for_thunderbird, true});
    }
    void missing(const char* element, const char* reason, bool for_thunderbird = true) {
        give_up(fault_at(place_, "missing-element", element,
                         std::string("the section has no <") + element + "> element"),
                reason, for_thunderbird);
    }
    void note_k9(const Element& place, std::string text) {
        section_.defects.push_back(
            {fault_at(place, "invalid-value", place.name, std::move(text)), true, false});
    }

    /// K-9 wants text and nothing else inside an element that it reads.
    void look_for_children(const Element& element) {
        for (const Element& child : element.children)
            section_.defects.push_back({fault_at(child, "unexpected-element", element.name,
                                                 "<" + shown(child.name) + "> stands where text is expected"),
                                        true, false});
    }

    std::optional<HostName> read_host() {
        const Element* const element = place_.child("hostname");
        if (element == nullptr) {
            missing("hostname", "missing hostname");
            return std::nullopt;
        }
        look_for_children(*element);
        auto host = strict_host(fill_placeholders(element->text, email_));
        if (!host)
            give_up(fault_at(*element, "invalid-value", "hostname",
                             "'" + shown(element->text) + "' is not a host name"),
                    "invalid hostname");
        return host;
    }

    std::optional<Port> read_port() {
        const Element* const element = place_.child("port");
        if (element == nullptr) {
            missing("port", "missing port");
            return std::nullopt;
        }
        look_for_children(*element);
        const std::string_view digits = trimmed(element->text);
        auto port = Port::from(digits);
        if (!port) {
            int prefix = 0;  // Thunderbird takes the digits that the text begins with
            std::from_chars(digits.data(), digits.data() + digits.size(), prefix);
            give_up(fault_at(*element, "invalid-value", "port",
                             "'" + shown(digits) + "' is not a port from 1 to 65535"),
                    "invalid port", !Port::from(prefix));
        } else if (digits.size() != element->text.size() && element->children.empty()) {
            note_k9(*element, "there are blanks around the port");
        }
        return port;
    }

    std::optional<Security> read_security() {
        std::optional<Security> security;
        const Element* first = nullptr;
        for (const Element& element : place_.children) {
            if (element.name != "socketType") continue;
            look_for_children(element);
            if (first == nullptr) first = &element;
            const std::string_view word = trimmed(element.text);
            const bool blanks = word.size() != element.text.size() && element.children.empty();
            const auto value = word == "SSL"        ? std::optional(Security::tls)
                               : word == "STARTTLS" ? std::optional(Security::starttls)
                               : word == "plain"    ? std::optional(Security::none)
                                                    : std::nullopt;
            if (value == Security::none) {
                note_k9(element, "'plain' (no encryption) is refused");
            } else if (value && blanks) {
                note_k9(element, "there are blanks around the value");
            } else if (!value) {
                unknown_.push_back({fault_at(element, "invalid-value", "socketType",
                                             "'" + shown(word) + "' is none of SSL, STARTTLS, plain"),
                                    true, false});
            }
            if (!security) security = value;
        }
        if (!security) section_.usable_for_thunderbird = false;
        for (Defect& defect : unknown_) {
            defect.for_thunderbird = defect.ends_section = !security;
            section_.defects.push_back(std::move(defect));
        }
        if (first == nullptr) {
            missing("socketType", "no usable socketType");
        } else if (!security && section_.reason.empty()) {
            section_.reason = "no usable socketType";
        }
        return security;
    }

    std::vector<std::string> read_auth() {
        std::vector<std::string> methods;
        const Element* first = nullptr;
        bool k9_knows_one = false;
        for (const Element& element : place_.children) {
            if (element.name != "authentication") continue;
            look_for_children(element);
            if (first == nullptr) first = &element;
            const auto known = std::ranges::find(auth_words, trimmed(element.text), &AuthWord::word);
            if (known == auth_words.end() || (known->outgoing_only && section_.role == Role::incoming))
                continue;
            if (std::ranges::find(methods, known->modern) == methods.end())
                methods.emplace_back(known->modern);
            k9_knows_one |= known->known_to_k9 && element.text == known->word;
        }
        const Element& place = first == nullptr ? place_ : *first;
        if (methods.empty()) {
            give_up(fault_at(place, "missing-element", "authentication",
                             first == nullptr ? "the section has no <authentication> element"
                                              : "no <authentication> element has a value that can be used"),
                    "no usable authentication");
        } else if (!k9_knows_one) {
            section_.defects.push_back(
                {fault_at(place, "missing-element", "authentication",
                          "no <authentication> is OAuth2, password-cleartext or password-encrypted; '" +
                              shown(place.text) + "' is not understood everywhere"),
                 true, false});
        }
        return methods;
    }

    std::optional<std::string> read_username() {
        const Element* const element = place_.child("username");
        if (element != nullptr) {
            look_for_children(*element);
            const std::string_view name = trimmed(element->text);
            return name.empty() ? std::nullopt : std::optional<std::string>(name);
        }
        if (section_.role == Role::incoming) {
            missing("username", "missing username", false);
        } else {  // there are servers that want no login; Thunderbird goes on without a name
            section_.defects.push_back(
                {fault_at(place_, "missing-element", "username", "the section has no <username> element"),
                 true, false});
        }
        return std::nullopt;
    }

    const Element& place_;
    const EmailAddress& email_;
    Section section_;
    std::vector<Defect> unknown_;
};

class AutoconfigReader {
public:
    explicit AutoconfigReader(const EmailAddress& email) : email_(email) {}

    PublishedDocument read(const Element& root) {
        if (root.name != "clientConfig") {
            refuse(root, "wrong-root-element", root.name,
                   "the document begins with <" + shown(root.name) + ">, not with <clientConfig>");
            return std::move(document_);
        }
        const Element* const provider = root.child("emailProvider");
        if (provider == nullptr) {
            refuse(root, "missing-email-provider", "emailProvider", "there is no <emailProvider> element");
            return std::move(document_);
        }
        read_identity(*provider);
        for (const Element& child : provider->children) {
            if (child.name == "incomingServer")
                take(SectionReader(child, Role::incoming, email_).read(), child);
            if (child.name == "outgoingServer")
                take(SectionReader(child, Role::outgoing, email_).read(), child);
        }
        judge_side(Role::incoming, *provider);
        judge_side(Role::outgoing, *provider);
        for (Section& section : sections_)
            for (Defect& defect : section.defects)
                if (defect.ends_section || !defect.fault.dropped_by.empty())
                    document_.faults.push_back(std::move(defect.fault));
        std::ranges::sort(document_.faults, {}, [](const DocumentFault& fault) {
            return std::tie(fault.line, fault.column, fault.element);
        });
        read_hints(root, *provider);
        return std::move(document_);
    }

private:
    void refuse(const Element& place, const char* kind, const std::string& element, std::string text) {
        document_.readable = false;
        add(place, kind, element, std::move(text), {thunderbird, k9});
    }
    void add(const Element& place, const char* kind, const std::string& element, std::string text,
             std::vector<std::string> dropped_by) {
        document_.faults.push_back(fault_at(place, kind, element, std::move(text), std::move(dropped_by)));
    }

    void read_identity(const Element& provider) {
        const std::string* const id = provider.attribute("id");
        if (id == nullptr) {
            add(provider, "missing-provider-id", "emailProvider", "<emailProvider> has no attribute 'id'",
                {thunderbird, k9});
        } else if (!strict_host(*id)) {
            const bool placeholder =
                id->find('%') != std::string::npos && strict_host(fill_placeholders(*id, email_));
            add(provider, "invalid-provider-id", "emailProvider",
                "the id '" + shown(*id) + "' has not the form of a host name",
                placeholder ? std::vector<std::string>{k9} : std::vector<std::string>{thunderbird, k9});
        }
        const Element* first = nullptr;
        for (const Element& child : provider.children) {
            if (child.name != "domain") continue;
            if (first == nullptr) first = &child;
            if (strict_host(fill_placeholders(child.text, email_))) return;
        }
        add(first == nullptr ? provider : *first, "no-valid-domain", "domain",
            first == nullptr ? "there is no <domain> element" : "no <domain> has the form of a domain",
            {thunderbird, k9});
    }

    void take(Section section, const Element& place) {
        if (section.setting) {
            auto& side =
                section.role == Role::incoming ? document_.settings.incoming : document_.settings.outgoing;
            side.push_back(*section.setting);
        } else {
            document_.skipped.push_back({shown(section.type), section.host_as_written, section.reason});
        }
        if (section.reason == "protocol not handled" && section.role == Role::incoming) take_exchange(place);
        sections_.push_back(std::move(section));
    }

    void take_exchange(const Element& place) {
        ExchangeHint hint;
        if (const Element* url = place.child("ewsURL")) hint.ews_url = shown(url->text);
        if (const Element* url = place.child("owaURL")) hint.owa_url = shown(url->text);
        if (!document_.exchange && !(hint.ews_url.empty() && hint.owa_url.empty()))
            document_.exchange = std::move(hint);
    }

    /// Who drops the file for what is wrong with its incoming or its outgoing sections.
    void judge_side(Role role, const Element& provider) {
        const auto on_side = [&](const Section& section) { return section.role == role; };
        const bool any_for_thunderbird = std::ranges::any_of(sections_, [&](const Section& section) {
            return on_side(section) && section.usable_for_thunderbird;
        });
        const bool any_for_k9 = std::ranges::any_of(
            sections_, [&](const Section& section) { return on_side(section) && section.known_to_k9; });
        bool explained_to_thunderbird = false;
        for (Section& section : sections_) {
            if (!on_side(section)) continue;
            for (Defect& defect : section.defects) {
                if (defect.for_thunderbird && !any_for_thunderbird) {
                    defect.fault.dropped_by.emplace_back(thunderbird);
                    explained_to_thunderbird = true;
                }
                if (defect.for_k9 && section.known_to_k9) defect.fault.dropped_by.emplace_back(k9);
            }
        }
        std::vector<std::string> programs;
        if (!any_for_thunderbird && !explained_to_thunderbird) programs.emplace_back(thunderbird);
        if (!any_for_k9) programs.emplace_back(k9);
        if (programs.empty()) return;
        const bool incoming = role == Role::incoming;
        add(provider, incoming ? "no-incoming-server" : "no-outgoing-server",
            incoming ? "incomingServer" : "outgoingServer",
            any_for_thunderbird && incoming ? "there is no <incomingServer type=\"imap\"> element"
            : incoming                      ? "there is no <incomingServer> that can be used"
                                            : "there is no <outgoingServer> that can be used",
            std::move(programs));
    }

    /// The text for everybody, else the English one, else the first.
    static const Element* best_instruction(const Element& enable) {
        const Element* best = nullptr;
        int best_rank = 3;
        for (const Element& child : enable.children) {
            if (child.name != "instruction") continue;
            const std::string* const language = child.attribute("lang");
            const int rank = language == nullptr ? 0 : language->starts_with("en") ? 1 : 2;
            if (rank >= best_rank) continue;
            best = &child;
            best_rank = rank;
        }
        return best;
    }

    void read_hints(const Element& root, const Element& provider) {
        for (const Element* parent : {&root, &provider}) {
            if (const Element* enable = parent->child("enable"); enable != nullptr && !document_.enable) {
                EnableHint hint;
                if (const std::string* url = enable->attribute("visiturl")) hint.url = shown(*url);
                if (const Element* text = best_instruction(*enable)) hint.text = shown(text->text);
                document_.enable = std::move(hint);
            }
            const Element* const oauth = parent->child("oAuth2");
            if (oauth == nullptr || !document_.oauth2_issuer.empty()) continue;
            if (const Element* issuer = oauth->child("issuer")) document_.oauth2_issuer = shown(issuer->text);
        }
    }

    const EmailAddress& email_;
    PublishedDocument document_;
    std::vector<Section> sections_;
};

}  // namespace

PublishedDocument read_autoconfig(const Element& root, const EmailAddress& email) {
    return AutoconfigReader(email).read(root);
}

}  // namespace maildoctor::discover
