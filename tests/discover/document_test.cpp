#include "core/discover/document.h"

#include <catch2/catch.hpp>
#include <fstream>
#include <iterator>

#include "core/names/email.h"

using namespace maildoctor;
using Programs = std::vector<std::string>;

namespace {

const EmailAddress email = *names::parse_email("user@example.test");

std::string corpus(const std::string& name) {
    std::ifstream in(std::string(MAILDOCTOR_SOURCE_DIR) + "/tests/corpus/" + name, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

/// The good document with one change.
PublishedDocument changed(const std::string& from, const std::string& to) {
    std::string bytes = corpus("autoconfig/two-servers.xml");
    const std::size_t at = bytes.find(from);
    REQUIRE(at != std::string::npos);
    bytes.replace(at, from.size(), to);
    return discover::read_document(DocumentFormat::autoconfig, bytes, email);
}

std::vector<std::string> elements_of(const PublishedDocument& document) {
    std::vector<std::string> all;
    for (const DocumentFault& fault : document.faults)
        all.push_back(fault.element);
    return all;
}

std::string line_of(const ServerSetting& server) {
    std::string line = std::string(word(server.protocol)) + " " + server.host.text() + " " +
                       std::to_string(server.port.number()) + " " + std::string(word(server.security)) + " " +
                       server.username.value_or("-");
    for (const std::string& method : server.auth)
        line += " " + method;
    return line;
}

}  // namespace

TEST_CASE("autoconfig: a good document", "[discover]") {
    const auto document =
        discover::read_document(DocumentFormat::autoconfig, corpus("autoconfig/two-servers.xml"), email);
    CHECK(document.faults.empty());
    CHECK_FALSE(document.is_dropped());
    REQUIRE(document.settings.incoming.size() == 1);
    REQUIRE(document.settings.outgoing.size() == 1);
    CHECK(line_of(document.settings.incoming[0]) ==
          "imap imap.example.test 993 tls user@example.test OAuth2 password-cleartext");
    CHECK(line_of(document.settings.outgoing[0]) ==
          "smtp smtp.example.test 587 starttls user password-cleartext");
    CHECK(document.settings.incoming[0].username_form == "%EMAILADDRESS%");
    CHECK(document.oauth2_issuer == "login.example.test");
    REQUIRE(document.enable);
    CHECK(document.enable->text == "Switch IMAP on first");
    CHECK(document.enable->url == "https://mail.example.test/settings");
}

TEST_CASE("autoconfig: each defect is named, with who drops the file and where it stands", "[discover]") {
    struct Case {
        std::string from, to, kind, element;
        std::size_t line;
        Programs dropped_by;
        std::size_t incoming;
    };
    const Programs both{"thunderbird", "k9"}, k9{"k9"};
    const auto c = GENERATE_COPY(values<Case>({
        {"<clientConfig version=\"1.1\">", "<clientConfig><a/>", "", "", 0, {}, 1},
        {" id=\"example.test\"", "", "missing-provider-id", "emailProvider", 3, both, 1},
        {" id=\"example.test\"", " id=\"-x\"", "invalid-provider-id", "emailProvider", 3, both, 1},
        {" id=\"example.test\"", " id=\"%EMAILDOMAIN%\"", "invalid-provider-id", "emailProvider", 3, k9, 1},
        {"<domain>example.test</domain>", "", "no-valid-domain", "domain", 3, both, 1},
        {"<domain>example.test</domain>", "<domain>a b</domain>", "no-valid-domain", "domain", 4, both, 1},
        {"<port>993</port>", "", "missing-element", "port", 5, both, 0},
        {"<port>993</port>", "<port>0</port>", "invalid-value", "port", 7, both, 0},
        {"<port>993</port>", "<port>993x</port>", "invalid-value", "port", 7, k9, 0},
        {"<port>993</port>", "<port> 993 </port>", "invalid-value", "port", 7, k9, 1},
        {"<port>993</port>", "<port>99999999999999999999</port>", "invalid-value", "port", 7, both, 0},
        {"imap.%EMAILDOMAIN%", "under_score.test", "invalid-value", "hostname", 6, both, 0},
        {"imap.%EMAILDOMAIN%", " imap.test ", "", "", 0, {}, 1},
        {"imap.%EMAILDOMAIN%", "imap.test<b/>", "unexpected-element", "hostname", 6, k9, 1},
        {"imap.%EMAILDOMAIN%", "imap.te<!-- c -->st", "", "", 0, {}, 1},
        {"<socketType>SSL</socketType>", "", "missing-element", "socketType", 5, both, 0},
        {"<socketType>SSL</socketType>", "<socketType>ssl</socketType>", "invalid-value", "socketType", 8,
         both, 0},
        {"<socketType>SSL</socketType>", "<socketType>plain</socketType>", "invalid-value", "socketType", 8,
         k9, 1},
        {"<socketType>SSL</socketType>", "<socketType>x</socketType><socketType>SSL</socketType>",
         "invalid-value", "socketType", 8, k9, 1},
        {"<username>%EMAILADDRESS%</username>", "", "missing-element", "username", 5, k9, 0},
        {"<authentication>OAuth2</authentication>", "<authentication>x</authentication>", "", "", 0, {}, 1},
        {"<authentication>OAuth2</authentication>\n      <authentication>password-cleartext</authentication>",
         "", "missing-element", "authentication", 5, both, 0},
        {"<authentication>OAuth2</authentication>\n      <authentication>password-cleartext</authentication>",
         "<authentication>plain</authentication>", "missing-element", "authentication", 10, k9, 1},
        {"type=\"imap\"", "type=\"pop3\"", "no-incoming-server", "incomingServer", 3, k9, 1},
        {"type=\"imap\"", "type=\"jmap\"", "no-incoming-server", "incomingServer", 3, both, 0},
        {"type=\"imap\"", "type=\"smtp\"", "no-incoming-server", "incomingServer", 3, both, 0},
        {"type=\"smtp\"", "type=\"imap\"", "no-outgoing-server", "outgoingServer", 3, both, 1},
        {"</clientConfig>", "", "truncated", "", 24, both, 0},
        {"</enable>", "</enabled>", "not-well-formed", "", 22, {"thunderbird", "k9", "deltachat"}, 0},
    }));
    CAPTURE(c.from, c.to);
    const PublishedDocument document = changed(c.from, c.to);
    CHECK(document.settings.incoming.size() == c.incoming);
    if (c.kind.empty()) {
        CHECK(document.faults.empty());
        return;
    }
    REQUIRE(document.faults.size() == 1);
    const DocumentFault& fault = document.faults.front();
    CHECK(fault.kind == c.kind);
    CHECK(fault.element == c.element);
    CHECK(fault.line == c.line);
    CHECK(fault.column > 0);
    CHECK(fault.dropped_by == c.dropped_by);
    CHECK(document.is_dropped());
}

TEST_CASE("autoconfig: a spare server with a defect is left out; only K-9 drops the file", "[discover]") {
    const auto document = changed("<outgoingServer type=\"smtp\">",
                                  "<incomingServer type=\"pop3\"><hostname>x</hostname></incomingServer>"
                                  "<incomingServer type=\"imap\"><hostname>y</hostname></incomingServer>"
                                  "<outgoingServer type=\"smtp\">");
    CHECK(document.settings.incoming.size() == 1);
    CHECK(document.skipped.size() == 2);
    for (const DocumentFault& fault : document.faults)
        CHECK(fault.dropped_by.size() <= 1);
    CHECK(document.is_dropped());
}

TEST_CASE("autoconfig: an entity bomb and a foreign document are refused", "[discover]") {
    const auto bomb =
        discover::read_document(DocumentFormat::autoconfig, corpus("autoconfig/entities.xml"), email);
    REQUIRE(bomb.faults.size() == 1);
    CHECK(bomb.faults.front().kind == "forbidden-entity");
    CHECK(bomb.is_dropped());
    const auto page =
        discover::read_document(DocumentFormat::autoconfig, "<html><clientConfig/></html>", email);
    REQUIRE(page.faults.size() == 1);
    CHECK(page.faults.front().kind == "wrong-root-element");
    CHECK(page.faults.front().element == "html");
}

TEST_CASE("autoconfig: the address is filled in once and never again", "[discover]") {
    const EmailAddress odd{.local = "%EMAILDOMAIN%", .domain = *HostName::from("example.test")};
    CHECK(discover::fill_placeholders("<%EMAILLOCALPART%|%EMAILADDRESS%|%OTHER%", odd) ==
          "<%EMAILDOMAIN%|%EMAILDOMAIN%@example.test|%OTHER%");
}

TEST_CASE("autodiscover: Encryption counts instead of SSL, ports have defaults", "[discover]") {
    const auto document =
        discover::read_document(DocumentFormat::autodiscover, corpus("autodiscover/settings.xml"), email);
    CHECK(document.faults.empty());
    REQUIRE(document.settings.incoming.size() == 2);
    REQUIRE(document.settings.outgoing.size() == 1);
    CHECK(line_of(document.settings.incoming[0]) ==
          "imap box.example.test 143 starttls user@example.test password-cleartext");
    CHECK(line_of(document.settings.incoming[1]) ==
          "pop3 box.example.test 995 tls user@example.test password-cleartext");
    CHECK(line_of(document.settings.outgoing[0]) == "smtp out.example.test 465 tls u NTLM");
    REQUIRE(document.exchange);
    CHECK(document.exchange->host == "ex.example.test");
    CHECK(document.exchange->port == Port::from(8443));
}

TEST_CASE("autodiscover: an error answer says its words", "[discover]") {
    const auto document =
        discover::read_document(DocumentFormat::autodiscover, corpus("autodiscover/error.xml"), email);
    REQUIRE(document.faults.size() == 1);
    CHECK(document.faults.front().kind == "error-response");
    CHECK(document.faults.front().text.find("600") != std::string::npos);
}

TEST_CASE("mobileconfig: defaults, missing keys and signed profiles", "[discover]") {
    const std::string good = corpus("mobileconfig/profile.xml");
    const auto document = discover::read_document(DocumentFormat::mobileconfig, good, email);
    CHECK(elements_of(document) == Programs{"OutgoingMailServerUseSSL", "OutgoingMailServerPortNumber"});
    CHECK_FALSE(document.is_dropped());
    REQUIRE(document.settings.incoming.size() == 1);
    REQUIRE(document.settings.outgoing.size() == 1);
    CHECK(line_of(document.settings.incoming[0]) ==
          "imap box.example.test 993 tls user@example.test password-cleartext");
    CHECK(line_of(document.settings.outgoing[0]) == "smtp out.example.test 587 none - password-encrypted");

    const auto wrapped =
        discover::read_document(DocumentFormat::mobileconfig, "\x30\x82\x01" + good + "\x01\x02", email);
    CHECK_FALSE(wrapped.is_dropped());
    CHECK(wrapped.settings.incoming.size() == 1);

    std::string bad = good;
    bad.replace(bad.find("box.example.test"), 16, "no host");
    const auto broken = discover::read_document(DocumentFormat::mobileconfig, bad, email);
    REQUIRE(broken.faults.size() == 3);
    CHECK(broken.faults.front().element == "IncomingMailServerHostName");
    CHECK(broken.faults.front().dropped_by == Programs{"apple-mail"});
    CHECK(broken.settings.outgoing.size() == 1);
}

TEST_CASE("mobileconfig: what Apple Mail takes and nobody can want", "[discover]") {
    const auto with = [](const std::string& from, const std::string& to) {
        std::string bytes = corpus("mobileconfig/profile.xml");
        const std::size_t at = bytes.find(from);
        REQUIRE(at != std::string::npos);
        return discover::read_document(DocumentFormat::mobileconfig, bytes.replace(at, from.size(), to),
                                       email);
    };
    const std::string ssl = "<key>IncomingMailServerUseSSL</key><true/>";
    const PublishedDocument plain = with(ssl, "");
    CHECK(elements_of(plain).front() == "IncomingMailServerUseSSL");
    CHECK(plain.faults.front().text.find("993") != std::string::npos);
    CHECK_FALSE(plain.is_dropped());
    CHECK(with(ssl, "<key>IncomingMailServerUseSSL</key><false/>").faults.front().kind == "invalid-value");
    const PublishedDocument secret = with(ssl, ssl + "<key>IncomingPassword</key><string>tulip</string>");
    CHECK(secret.faults.front().kind == "password-inside");
    CHECK(secret.faults.front().text.find("tulip") == std::string::npos);
    CHECK_FALSE(secret.is_dropped());
}

TEST_CASE("autoconfig: of several instructions the one for everybody counts, then the English one",
          "[discover]") {
    const auto text = [](const std::string& instructions) {
        const PublishedDocument document =
            changed("<instruction>Switch IMAP on first</instruction>", instructions);
        return document.enable ? document.enable->text : "";
    };
    const std::string german = "<instruction lang=\"de\">Ein</instruction>",
                      english = "<instruction lang=\"en-US\">On</instruction>";
    CHECK(text(german + "<instruction>For all</instruction>" + english) == "For all");
    CHECK(text(german + english) == "On");
    CHECK(text(german) == "Ein");
    CHECK(text("").empty());
}

TEST_CASE("autodiscover: a section that is left out keeps its server's name", "[discover]") {
    const PublishedDocument document = discover::read_document(
        DocumentFormat::autodiscover,
        "<Autodiscover><Response><Account><Action>settings</Action><Protocol><Type>IMAP</Type>"
        "<Server>imap.example.test</Server><Port>0</Port></Protocol></Account></Response></Autodiscover>",
        *names::parse_email("you@example.test"));
    REQUIRE(document.skipped.size() == 1);
    CHECK(document.skipped.front().host == "imap.example.test");
    CHECK(document.skipped.front().reason == "invalid port");
}
