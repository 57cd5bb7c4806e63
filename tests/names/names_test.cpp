// Host names, registered domains, slips of the fingers and e-mail addresses.
#include "core/names/names.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "core/names/email.h"
#include "core/names/typos.h"

using namespace maildoctor;
using namespace maildoctor::names;

namespace {

HostName host(const char* text) {
    auto name = HostName::from(text);
    REQUIRE(name);
    return *name;
}

std::string registered(const char* text) {
    const auto domain = registered_domain(host(text));
    return domain ? domain->text() : "";
}

}  // namespace

TEST_CASE("host name: as people type it", "[names]") {
    const auto [typed, name] = GENERATE(table<const char*, const char*>({
        {"mail.example.test", "mail.example.test"},
        {"  Mail.Example.TEST. \r\n", "mail.example.test"},
        {"bücher.example", "xn--bcher-kva.example"},
        {"BÜCHER.example", "xn--bcher-kva.example"},
        {"straße.example", "xn--strae-oqa.example"},
        {"例え。テスト", "xn--r8jz45g.xn--zckzah"},
        {"xn--bcher-kva.example", "xn--bcher-kva.example"},
        {"_imaps._tcp.example.test", "_imaps._tcp.example.test"},
        {"192.0.2.1", "192.0.2.1"},
        {"[2001:DB8::1]", "2001:db8::1"},
    }));
    const auto result = to_host_name(typed);
    REQUIRE(result);
    CHECK(result->text() == name);
}

TEST_CASE("host name: what is none gets one clear line", "[names]") {
    const auto [typed, words] = GENERATE(table<std::string, const char*>({
        {"", "empty"},
        {"   ", "empty"},
        {"mail example.test", "blanks"},
        {"http://mail.example.test", "':'"},
        {"user@example.test", "'@'"},
        {"mail..example.test", "between two dots"},
        {".example.test", "between two dots"},
        {std::string(300, 'a'), "253"},
        {std::string(5000, 'a'), "253"},
        {"-mail.example.test", "not a host name"},
        {"bücher..example", ""},
        {"\xff\xfe.example", "internationalised"},
        {std::string("b\xc3\xbc\0cher.example", 15), "control"},
        {"192.0.2.300", "not a host name"},
    }));
    CAPTURE(typed);
    const auto result = to_host_name(typed);
    REQUIRE_FALSE(result);
    CHECK(result.error().kind == FailureKind::bad_syntax);
    CHECK(result.error().text.find(words) != std::string::npos);
    CHECK(result.error().text.find('\n') == std::string::npos);
}

TEST_CASE("host name: for people again", "[names]") {
    CHECK(to_unicode(host("xn--bcher-kva.example")) == "bücher.example");
    CHECK(to_unicode(host("mail.example.test")) == "mail.example.test");
    CHECK(to_unicode(host("xn--99999999999.example")) == "xn--99999999999.example");
}

TEST_CASE("registered domain: never rises above", "[names]") {
    const auto [name, domain] = GENERATE(table<const char*, const char*>({
        {"mail.example.co.uk", "example.co.uk"},
        {"example.co.uk", "example.co.uk"},
        {"co.uk", ""},
        {"uk", ""},
        {"a.b.example.com", "example.com"},
        {"mail.example.test", "example.test"},
        {"localhost", ""},
        {"user.github.io", "user.github.io"},
        {"mail.user.github.io", "user.github.io"},
        {"github.io", "github.io"},
        {"mail.xn--bcher-kva.de", "xn--bcher-kva.de"},
        {"example.xn--p1ai", "example.xn--p1ai"},
        {"192.0.2.1", ""},
        {"2001:db8::1", ""},
    }));
    CAPTURE(name);
    CHECK(registered(name) == domain);
}

TEST_CASE("edit distance: slips count once", "[names]") {
    const auto [a, b, distance] = GENERATE(table<const char*, const char*, std::size_t>({
        {"gmail.com", "gmail.com", 0},
        {"gmial.com", "gmail.com", 1},
        {"gmai.com", "gmail.com", 1},
        {"gmaill.com", "gmail.com", 1},
        {"gmsil.com", "gmail.com", 1},
        {"gnsil.com", "gmail.com", 2},
        {"", "abc", 3},
        {"ca", "abc", 3},
        {"yahoo.com", "gmail.com", 4},
    }));
    CHECK(edit_distance(a, b, 3) == distance);
    CHECK(edit_distance(b, a, 3) == distance);
}

TEST_CASE("one edit away: all are, each once, the likely ones first", "[names]") {
    const HostName typed = host("gmial.com");
    const auto all = one_edit_away(typed, 10000);
    for (const HostName& name : all)
        CHECK(edit_distance(name.text(), typed.text(), 5) == 1);
    auto sorted = all;
    std::ranges::sort(sorted);
    CHECK(std::ranges::adjacent_find(sorted) == sorted.end());
    CHECK(std::ranges::find(all, typed) == all.end());
    CHECK(all.size() > 500);
    const auto gmail = std::ranges::find(all, host("gmail.com"));
    REQUIRE(gmail != all.end());
    CHECK(gmail - all.begin() < 10);
    CHECK(one_edit_away(typed, 20).size() == 20);
    CHECK(one_edit_away(host("192.0.2.1"), 20).empty());
    const auto dotless = one_edit_away(host("mailexample.test"), 10000);
    CHECK(std::ranges::find(dotless, host("mail.example.test")) != dotless.end());
}

TEST_CASE("names by which every computer means itself", "[names]") {
    const auto local = [](const char* text) { return names::means_this_computer(*HostName::from(text)); };
    CHECK(local("localhost"));
    CHECK(local("mail.localhost"));
    CHECK(local("localhost.localdomain"));
    CHECK_FALSE(local("localhost.example.org"));
    CHECK_FALSE(local("notlocalhost"));
}

TEST_CASE("nearest: the name that was meant", "[names]") {
    const std::vector<HostName> known = {host("gmail.com"), host("gmx.net"), host("gmx.de"),
                                         host("outlook.com"), host("web.de")};
    const auto of = [&](const char* text) { return nearest(host(text), known); };
    CHECK(of("gmial.com")->name == known[0]);
    CHECK(of("gmial.com")->distance == 1);
    CHECK(of("outllok.com")->name == known[3]);
    CHECK(of("gmx.de")->distance == 0);
    CHECK(of("gmx.dee")->name == known[2]);
    CHECK_FALSE(of("wob.dee"));
    CHECK_FALSE(of("example.test"));
    CHECK_FALSE(nearest(host("gmail.com"), {}));
}

TEST_CASE("e-mail address: what is one", "[names]") {
    const auto [typed, local, domain] = GENERATE(table<std::string, const char*, const char*>({
        {"user@example.test", "user", "example.test"},
        {"  User.Name+tag@Example.TEST \n", "User.Name+tag", "example.test"},
        {"\"a b\"@example.test", "\"a b\"", "example.test"},
        {"\"user\"@example.test", "user", "example.test"},
        {"\"a@b\\\"c\"@example.test", "\"a@b\\\"c\"", "example.test"},
        {"jürgen@bücher.example", "jürgen", "xn--bcher-kva.example"},
        {"user@[192.0.2.1]", "user", "192.0.2.1"},
        {"user@[IPv6:2001:db8::1]", "user", "2001:db8::1"},
        {std::string(64, 'x') + "@example.test", nullptr, "example.test"},
        {"o'neil!#$%&*/=?^_`{|}~@example.test", nullptr, "example.test"},
    }));
    const auto address = parse_email(typed);
    REQUIRE(address);
    if (local != nullptr) CHECK(address->local == local);
    CHECK(address->domain.text() == domain);
}

TEST_CASE("e-mail address: what is none gets one clear line", "[names]") {
    const auto [typed, words] = GENERATE(table<std::string, const char*>({
        {"", "empty"},
        {"user", "'@'"},
        {"@example.test", "before '@' is missing"},
        {"user@", "after '@' is missing"},
        {".user@example.test", "begin or end with a dot"},
        {"user.@example.test", "begin or end with a dot"},
        {"us..er@example.test", "two dots"},
        {"us er@example.test", "blank"},
        {"a@b@example.test", "'@'"},
        {"us(er@example.test", "'('"},
        {"\"user@example.test", "closing quotation mark"},
        {"\"user", "closing quotation mark"},
        {"\"user\\", "closing quotation mark"},
        {"\"user\"example.test", "'@' and the domain"},
        {"user@exa mple.test", "blanks"},
        {"user@192.0.2.1", "brackets"},
        {"user@[example.test]", "not right"},
        {std::string(65, 'x') + "@example.test", "64"},
        {"us\x01"
         "er@example.test",
         "control"},
        {"us\xff"
         "er@example.test",
         "UTF-8"},
        {"us\xc0\x80"
         "er@example.test",
         "UTF-8"},
        {"us\xe2\x82", "UTF-8"},
    }));
    CAPTURE(typed);
    const auto address = parse_email(typed);
    REQUIRE_FALSE(address);
    CHECK(address.error().find(words) != std::string::npos);
    CHECK(address.error().find('\n') == std::string::npos);
}
