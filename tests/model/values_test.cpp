// The values of the model: what they accept, what they refuse, how they are written.
#include <catch2/catch.hpp>
#include <string>
#include <type_traits>

#include "core/model/cause.h"
#include "core/model/host_name.h"
#include "core/model/ip_address.h"
#include "core/model/secret.h"
#include "core/model/server_url.h"
#include "core/model/words.h"

using namespace maildoctor;

TEST_CASE("cause: ids and enumerators belong together", "[model]") {
    CHECK(cause_id(Cause::tls_name_mismatch) == "tls.name-mismatch");
    CHECK(cause_from_id("auth.bad-credentials") == Cause::auth_bad_credentials);
    CHECK_FALSE(cause_from_id("no.such-cause"));
    CHECK(cause_count >= 88);
    for (std::size_t i = 0; i < cause_count; ++i) {
        const auto cause = static_cast<Cause>(i);
        CHECK(cause_from_id(cause_id(cause)) == cause);
        CHECK_FALSE(cause_meaning(cause).empty());
    }
}

TEST_CASE("ip address: reads and writes both families", "[model]") {
    const auto [text, canonical] =
        GENERATE(table<std::string, std::string>({{"192.0.2.7", "192.0.2.7"},
                                                  {"2001:DB8:0:0:0:0:0:1", "2001:db8::1"},
                                                  {"::", "::"},
                                                  {"::1", "::1"},
                                                  {"2001:db8::1:0:0:1", "2001:db8::1:0:0:1"},
                                                  {"::ffff:192.0.2.1", "::ffff:c000:201"},
                                                  {"1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8"},
                                                  {"2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"}}));
    const auto address = IpAddress::from(text);
    REQUIRE(address);
    CHECK(address->text() == canonical);
    CHECK(IpAddress::from(address->text()) == address);
}

TEST_CASE("ip address: refuses what is none", "[model]") {
    const std::string text =
        GENERATE("", "1.2.3", "1.2.3.4.5", "256.1.1.1", "01.2.3.4", "1.2.3.4 ", "::1::2", "1:2:3:4:5:6:7",
                 "1:2:3:4:5:6:7:8:9", "12345::", "g::1", ":1", "1:", "example", "1::2:3:4:5:6:7:8");
    CHECK_FALSE(IpAddress::from(text));
}

TEST_CASE("ip address: kinds and reverse names", "[model]") {
    CHECK(IpAddress::from("127.9.9.9")->is_loopback());
    CHECK(IpAddress::from("::1")->is_loopback());
    CHECK(IpAddress::from("fe80::1")->is_link_local());
    CHECK(IpAddress::from("10.1.2.3")->is_private());
    CHECK_FALSE(IpAddress::from("192.0.2.1")->is_private());
    CHECK(IpAddress::from("192.0.2.7")->reverse_name() == "7.2.0.192.in-addr.arpa");
    CHECK(IpAddress::from("2001:db8::1")->reverse_name() ==
          "1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa");
}

TEST_CASE("host name: normalised once, then trusted", "[model]") {
    CHECK(HostName::from("Mail.Example.ORG.")->text() == "mail.example.org");
    CHECK(HostName::from("_imaps._tcp.example.org"));
    CHECK(HostName::from("[2001:db8::1]")->is_literal());
    CHECK(HostName::from("192.0.2.1")->is_literal());
    CHECK(HostName::from("a.b.c")->parent()->text() == "b.c");
    CHECK_FALSE(HostName::from("localhost")->parent());
    CHECK(HostName::from("mail.example.org")->is_within(*HostName::from("example.org")));
    CHECK_FALSE(HostName::from("badexample.org")->is_within(*HostName::from("example.org")));
    const std::string bad =
        GENERATE(as<std::string>(), "", ".", "a..b", "-a.example", "a-.example", "a b", "user@example.org",
                 "192.0.2.300", std::string(64, 'a') + ".org", "exämple.org", std::string("a\0b", 3));
    CHECK_FALSE(HostName::from(bad));
}

TEST_CASE("port: 1 to 65535 in digits", "[model]") {
    CHECK(Port::from("993")->number() == 993);
    const std::string bad = GENERATE("", "0", "65536", "-1", "99x", " 25", "+25", "0x19");
    CHECK_FALSE(Port::from(bad));
}

TEST_CASE("server url: mode and port complete each other", "[model]") {
    const auto [url, canonical] = GENERATE(table<std::string, std::string>(
        {{"imap://mail.example.org", "imap://mail.example.org:993?security=tls"},
         {"imap://mail.example.org:143", "imap://mail.example.org:143?security=starttls"},
         {"POP3://Mail.Example.org:110?security=none", "pop3://mail.example.org:110?security=none"},
         {"smtp://mail.example.org?security=starttls", "smtp://mail.example.org:587?security=starttls"},
         {"smtps://mail.example.org/", "smtp://mail.example.org:465?security=tls"},
         {"smtp://[2001:db8::25]:25", "smtp://[2001:db8::25]:25?security=starttls"},
         {"smtp://192.0.2.25:465", "smtp://192.0.2.25:465?security=tls"}}));
    const auto setting = parse_server_url(url);
    REQUIRE(setting);
    CHECK(server_url(*setting) == canonical);
}

TEST_CASE("server url: what is wrong is said in one line", "[model]") {
    const auto [url, hint] = GENERATE(
        table<std::string, std::string>({{"mail.example.org", "not a server URL"},
                                         {"http://mail.example.org", "not a mail protocol"},
                                         {"imap://", "not a host name"},
                                         {"imap://mail.example.org:0", "not a port"},
                                         {"imap://mail.example.org:99999", "not a port"},
                                         {"imap://user:pw@mail.example.org", "refused"},
                                         {"imap://mail.example.org?security=ssl", "security must be"},
                                         {"imap://mail.example.org?tls=1", "not understood"}}));
    const auto setting = parse_server_url(url);
    REQUIRE_FALSE(setting);
    CHECK_THAT(setting.error(), Catch::Contains(hint));
    CHECK(setting.error().find('\n') == std::string::npos);
    CHECK(setting.error().find(":pw") == std::string::npos);
}

TEST_CASE("secret: cannot be copied, and its source is wiped", "[model]") {
    STATIC_REQUIRE_FALSE(std::is_copy_constructible_v<Secret>);
    STATIC_REQUIRE_FALSE(std::is_copy_assignable_v<Secret>);
    std::string source = "correct horse battery staple";
    const Secret secret(std::move(source));
    CHECK(secret.reveal() == "correct horse battery staple");
    CHECK(source.empty());  // NOLINT(bugprone-use-after-move): the constructor wipes it
}
