#include "core/discover/publish.h"

#include <Poco/SHA2Engine.h>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "core/discover/pacc.h"
#include "core/model/markup.h"
#include "core/model/srv_services.h"
#include "core/model/text.h"

namespace maildoctor::discover {
namespace {

constexpr std::size_t max_servers = 8;  // a side; programs take the first ones
constexpr std::size_t max_name = 80;    // octets of a display name

std::string quoted_json(std::string_view text) {
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') out += '\\';
        out += c;
    }
    return out + '"';
}

std::string element(const char* indent, const char* name, std::string_view content) {
    return std::string(indent) + "<" + name + ">" + markup_escaped(content) + "</" + name + ">\n";
}

std::string port_text(const ServerSetting& server) {
    return std::to_string(server.port.number());
}

/// All servers, those for reading first.
std::vector<ServerSetting> all_servers(const PublicationOffer& offer) {
    std::vector<ServerSetting> servers = offer.servers.incoming;
    servers.insert(servers.end(), offer.servers.outgoing.begin(), offer.servers.outgoing.end());
    return servers;
}

/// The name column of a zone file, so that the lines stand below each other.
std::string record_line(const std::string& name, const char* type, const std::string& data) {
    constexpr std::size_t width = 40;
    return name + std::string(name.size() < width ? width - name.size() : 1, ' ') + " 3600 IN " + type + " " +
           data + "\n";
}

std::string srv_lines(const PublicationOffer& offer) {
    const std::string domain = offer.domain.text();
    std::string lines =
        "; SRV records (RFC 6186, RFC 8314). Priority, weight, port, server; \".\" says: not offered.\n";
    const auto servers = all_servers(offer);
    for (const SrvService& service : srv_services) {
        const std::string name = std::string(service.label) + "." + domain + ".";
        int priority = 0;
        for (const ServerSetting& server : servers) {
            if (server.protocol != service.protocol || server.security != service.security) continue;
            lines += record_line(
                name, "SRV",
                std::to_string(priority) + " 1 " + port_text(server) + " " + server.host.text() + ".");
            priority += 10;
        }
        if (priority == 0) lines += record_line(name, "SRV", "0 0 0 .");
    }
    lines += "; Outlook asks here when autodiscover." + domain +
             " does not exist. Replace the target by your web server.\n" +
             record_line("_autodiscover._tcp." + domain + ".", "SRV", "0 0 443 autodiscover." + domain + ".");
    return lines;
}

std::string autoconfig_file(const PublicationOffer& offer, const std::string& name) {
    const std::string domain = offer.domain.text();
    std::string xml =
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<clientConfig version=\"1.1\">\n  <emailProvider id=\"" +
        markup_escaped(domain) + "\">\n" + element("    ", "domain", domain) +
        element("    ", "displayName", name) + element("    ", "displayShortName", name);
    for (const ServerSetting& server : all_servers(offer)) {
        const char* const tag = server.protocol == Protocol::smtp ? "outgoingServer" : "incomingServer";
        const char* const socket = server.security == Security::tls ? "SSL" : "STARTTLS";
        xml += std::string("    <") + tag + " type=\"" + std::string(word(server.protocol)) + "\">\n" +
               element("      ", "hostname", server.host.text()) +
               element("      ", "port", port_text(server)) + element("      ", "socketType", socket) +
               element("      ", "username", offer.username_form) +
               element("      ", "authentication", "password-cleartext") + "    </" + tag + ">\n";
    }
    return xml + "  </emailProvider>\n</clientConfig>\n";
}

/// No <LoginName>: one file serves everybody, and Outlook then takes the address.
std::string autodiscover_file(const PublicationOffer& offer) {
    std::string xml =
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
        "<Autodiscover xmlns=\"http://schemas.microsoft.com/exchange/autodiscover/responseschema/2006\">\n"
        "  <Response "
        "xmlns=\"http://schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006a\">\n"
        "    <Account>\n      <AccountType>email</AccountType>\n      <Action>settings</Action>\n";
    for (const ServerSetting& server : all_servers(offer)) {
        xml += "      <Protocol>\n" + element("        ", "Type", upper_case(word(server.protocol))) +
               element("        ", "Server", server.host.text()) +
               element("        ", "Port", port_text(server)) + element("        ", "DomainRequired", "off") +
               element("        ", "SPA", "off") + element("        ", "SSL", "on") +
               element("        ", "Encryption", server.security == Security::tls ? "SSL" : "TLS") +
               element("        ", "AuthRequired", "on") + "      </Protocol>\n";
    }
    return xml + "    </Account>\n  </Response>\n</Autodiscover>\n";
}

/// A UUID that depends on nothing but `text` (RFC 9562 section 5.8): a profile that is made again replaces
/// the old one.
std::string uuid_for(const std::string& text) {
    Poco::SHA2Engine engine(Poco::SHA2Engine::SHA_256);
    engine.update(text);
    std::vector<unsigned char> octets = engine.digest();
    octets[6] = static_cast<unsigned char>((octets[6] & 0x0FU) | 0x80U);
    octets[8] = static_cast<unsigned char>((octets[8] & 0x3FU) | 0x80U);
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string out;
    for (std::size_t i = 0; i < 16; ++i) {
        if (i == 4 || i == 6 || i == 8 || i == 10) out += '-';
        out += digits[octets[i] >> 4U];
        out += digits[octets[i] & 15U];
    }
    return out;
}

std::string key(const char* indent, const std::string& name, const char* type, std::string_view value) {
    return std::string(indent) + "<key>" + name + "</key><" + type + ">" + markup_escaped(value) + "</" +
           type + ">\n";
}

std::string profile_server(const char* side, const ServerSetting& server) {
    const std::string prefix = std::string(side) + "MailServer";
    constexpr const char* indent = "        ";
    return key(indent, prefix + "HostName", "string", server.host.text()) +
           key(indent, prefix + "PortNumber", "integer", port_text(server)) + indent + "<key>" + prefix +
           "UseSSL</key><true/>\n" + key(indent, prefix + "Authentication", "string", "EmailAuthPassword");
}

/// Apple's programs ask for address, name and password where the profile leaves them out: one file serves
/// everybody.
std::string profile_file(const PublicationOffer& offer, const std::string& name) {
    const ServerSetting& incoming = offer.servers.incoming.front();
    const std::string identifier = "mail." + offer.domain.text();
    constexpr const char* outer = "    ";
    return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
           "<!DOCTYPE plist PUBLIC \"-//Apple//DTD PLIST 1.0//EN\" "
           "\"http://www.apple.com/DTDs/PropertyList-1.0.dtd\">\n"
           "<plist version=\"1.0\">\n  <dict>\n    <key>PayloadContent</key>\n    <array>\n      <dict>\n" +
           key("        ", "PayloadType", "string", "com.apple.mail.managed") +
           key("        ", "PayloadVersion", "integer", "1") +
           key("        ", "PayloadIdentifier", "string", identifier + ".account") +
           key("        ", "PayloadUUID", "string", uuid_for(identifier + ".account")) +
           key("        ", "PayloadDisplayName", "string", name) +
           key("        ", "EmailAccountDescription", "string", name) +
           key("        ", "EmailAccountType", "string",
               incoming.protocol == Protocol::imap ? "EmailTypeIMAP" : "EmailTypePOP") +
           profile_server("Incoming", incoming) + profile_server("Outgoing", offer.servers.outgoing.front()) +
           "        <key>OutgoingPasswordSameAsIncomingPassword</key><true/>\n      </dict>\n    </array>\n" +
           key(outer, "PayloadType", "string", "Configuration") +
           key(outer, "PayloadVersion", "integer", "1") +
           key(outer, "PayloadIdentifier", "string", identifier) +
           key(outer, "PayloadUUID", "string", uuid_for(identifier)) +
           key(outer, "PayloadDisplayName", "string", name) +
           key(outer, "PayloadOrganization", "string", name) + "  </dict>\n</plist>\n";
}

/// PACC knows one server a protocol, at its usual port for TLS.
std::optional<std::string> pacc_file(const PublicationOffer& offer, const std::string& name) {
    std::string protocols;
    for (const char* id : {"imap", "pop3", "smtp"}) {
        const auto servers = all_servers(offer);
        const auto server = std::ranges::find_if(servers, [&](const ServerSetting& each) {
            return word(each.protocol) == id && each.security == Security::tls &&
                   each.port == usual_port(each.protocol, Security::tls);
        });
        const bool offered = std::ranges::any_of(
            servers, [&](const ServerSetting& each) { return word(each.protocol) == id; });
        if (offered && server == servers.end()) return std::nullopt;
        if (server != servers.end())
            protocols += (protocols.empty() ? "" : ",\n") + std::string("    \"") + id +
                         "\": { \"host\": " + quoted_json(server->host.text()) + " }";
    }
    return "{\n  \"protocols\": {\n" + protocols +
           "\n  },\n  \"authentication\": { \"password\": true },\n  \"info\": { \"provider\": { \"name\": " +
           quoted_json(name) + " } }\n}\n";
}

std::optional<std::string> complaint(const PublicationOffer& offer) {
    const Settings& servers = offer.servers;
    if (servers.incoming.empty()) return "no server for reading is given";
    if (servers.outgoing.empty()) return "no server for sending is given";
    if (servers.incoming.size() > max_servers || servers.outgoing.size() > max_servers)
        return "more than 8 servers for one purpose";
    for (const ServerSetting& server : all_servers(offer)) {
        if (server.security == Security::none)
            return server.host.text() + ": a server without encryption is not published";
        if (server.host.is_literal())
            return server.host.text() + ": an address is not published, its name is";
    }
    if (offer.username_form.empty() || offer.username_form.size() > max_name)
        return "the user name is empty or too long";
    return std::nullopt;
}

}  // namespace

std::expected<std::vector<PublicationPart>, std::string> make_publication(const PublicationOffer& offer) {
    if (auto wrong = complaint(offer)) return std::unexpected(std::move(*wrong));
    const std::string domain = offer.domain.text();
    const std::string name =
        offer.display_name.empty() ? domain : cleaned(trimmed(offer.display_name), max_name);
    std::string lines = srv_lines(offer);
    std::vector<PublicationPart> parts;
    parts.push_back({.id = "autoconfig",
                     .title = "Mozilla autoconfig (Thunderbird, K-9, Delta Chat, Evolution, …)",
                     .where = "Serve it over HTTPS, as text/xml, at https://autoconfig." + domain +
                              "/mail/config-v1.1.xml and at https://" + domain +
                              "/.well-known/autoconfig/mail/config-v1.1.xml.",
                     .path = "autoconfig/mail/config-v1.1.xml",
                     .content = autoconfig_file(offer, name)});
    parts.push_back({.id = "autodiscover",
                     .title = "Autodiscover (Outlook)",
                     .where = "Answer a POST (and a GET) at https://autodiscover." + domain +
                              "/autodiscover/autodiscover.xml with it, over HTTPS, as text/xml.",
                     .path = "autodiscover/autodiscover/autodiscover.xml",
                     .content = autodiscover_file(offer)});
    parts.push_back(
        {.id = "mobileconfig",
         .title = "Apple profile (Mail on iPhone, iPad and Mac)",
         .where =
             "Offer it for download over HTTPS, as application/x-apple-aspen-config. The device asks for "
             "address, user name and password. Sign it if people shall not see a warning.",
         .path = domain + ".mobileconfig",
         .content = profile_file(offer, name)});
    if (auto pacc = pacc_file(offer, name)) {
        lines += "; PACC: the digest of exactly the octets of user-agent-configuration.json.\n" +
                 record_line("_ua-auto-config." + domain + ".", "TXT", quoted_json(pacc_record(*pacc)));
        parts.push_back(
            {.id = "pacc",
             .title = "PACC (draft; new programs)",
             .where = "Serve it over HTTPS, octet by octet and without a redirect, as application/json, at "
                      "https://ua-auto-config." +
                      domain + "/.well-known/user-agent-configuration.json.",
             .path = "ua-auto-config/.well-known/user-agent-configuration.json",
             .content = std::move(*pacc)});
    }
    parts.insert(parts.begin(),
                 {.id = "dns",
                  .title = "DNS records",
                  .where = "Add these lines to the zone " + domain +
                           "; autoconfig, autodiscover and ua-auto-config need addresses, too.",
                  .path = domain + ".zone",
                  .content = std::move(lines)});
    return parts;
}

}  // namespace maildoctor::discover
