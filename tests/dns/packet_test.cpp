// Making questions and reading answers, on bytes alone.
#include "core/dns/packet.h"

#include <catch2/catch.hpp>
#include <string>

#include "tests/dns/test_server.h"

using namespace maildoctor;
using namespace maildoctor::dns;
using test::answer_to;
using test::AnswerParts;
using test::Asked;

namespace {

Asked asked(const Question& question, const QueryOptions& options = {}) {
    const auto query = make_query(question, options);
    REQUIRE(query);
    return test::read_query(*query);
}

ParsedAnswer parsed(const Question& question, const AnswerParts& parts) {
    const auto answer = parse_answer(answer_to(asked(question), parts), question);
    REQUIRE(answer);
    return *answer;
}

ParsedAnswer parsed(const std::string& name, RecordType type, std::vector<std::string> records) {
    return parsed({.name = name, .type = type}, AnswerParts{.answer = std::move(records)});
}

const Question a_question{.name = "mail.example.test", .type = RecordType::a};

}  // namespace

TEST_CASE("query: flags and EDNS as asked for", "[dns]") {
    const Asked plain = asked(a_question);
    CHECK(plain.name == "mail.example.test");
    CHECK(plain.type == 1);
    CHECK(plain.recursion_desired);
    CHECK(plain.edns);
    CHECK_FALSE(plain.dnssec_ok);
    CHECK_FALSE(plain.checking_disabled);
    const Asked full =
        asked(a_question, {.recursion_desired = false, .dnssec_ok = true, .checking_disabled = true});
    CHECK_FALSE(full.recursion_desired);
    CHECK(full.dnssec_ok);
    CHECK(full.checking_disabled);
    CHECK_FALSE(asked(a_question, {.edns = false}).edns);
    const auto bytes = make_query({.name = "", .type = RecordType::ns}, {.edns = false});
    REQUIRE(bytes);
    CHECK(*bytes == std::string("\0\0\1\0\0\1\0\0\0\0\0\0\0\0\2\0\1", 17));
}

TEST_CASE("query: names that cannot be asked", "[dns]") {
    std::string long_name;
    for (int i = 0; i < 128; ++i)
        long_name += "a.";
    for (const std::string& name :
         {std::string("a..b"), std::string(".a"), std::string(64, 'a') + ".test", long_name,
          std::string("a\\"), std::string("a\\99"), std::string("a\\256")}) {
        CAPTURE(name);
        CHECK_FALSE(make_query({.name = name, .type = RecordType::a}, {}));
    }
}

TEST_CASE("query: the longest name and escapes", "[dns]") {
    std::string longest;
    for (int i = 0; i < 126; ++i)
        longest += "a.";
    longest += "b";  // 127 labels, 255 octets
    CHECK(make_query({.name = longest, .type = RecordType::a}, {}));
    CHECK_FALSE(make_query({.name = longest + "c", .type = RecordType::a}, {}));
    const auto odd =
        parsed("a\\.b.\\255\\032x.test", RecordType::txt, {"a\\.b.\\255\\032x.test. 60 IN TXT \"x\""});
    CHECK(odd.facts.texts == std::vector<std::string>{"x"});
}

TEST_CASE("answer: addresses", "[dns]") {
    const auto answer =
        parsed("mail.example.test", RecordType::a,
               {"mail.example.test. 300 IN A 192.0.2.1", "MAIL.example.TEST. 60 IN A 192.0.2.2",
                "other.example.test. 1 IN A 192.0.2.3"});
    CHECK(answer.facts.status == DnsStatus::found);
    REQUIRE(answer.facts.addresses.size() == 2);
    CHECK(answer.facts.addresses[1].text() == "192.0.2.2");
    CHECK(answer.facts.ttl == 60);
    CHECK(answer.rcode == 0);
    CHECK(answer.recursion_available);
    const auto six =
        parsed("mail.example.test", RecordType::aaaa, {"mail.example.test. 300 IN AAAA 2001:db8::1"});
    CHECK(six.facts.addresses.at(0).text() == "2001:db8::1");
}

TEST_CASE("answer: mail exchangers by preference, null MX as the empty name", "[dns]") {
    const auto answer =
        parsed("example.test", RecordType::mx,
               {"example.test. 60 IN MX 20 B.example.test.", "example.test. 60 IN MX 10 a.example.test."});
    CHECK(answer.facts.mx == std::vector<MxRecord>{{10, "a.example.test"}, {20, "b.example.test"}});
    CHECK(parsed("example.test", RecordType::mx, {"example.test. 60 IN MX 0 ."}).facts.mx ==
          std::vector<MxRecord>{{0, ""}});
}

TEST_CASE("answer: the other records", "[dns]") {
    CHECK(parsed("_imaps._tcp.example.test", RecordType::srv,
                 {"_imaps._tcp.example.test. 60 IN SRV 1 2 993 imap.example.test."})
              .facts.srv == std::vector<SrvRecord>{{1, 2, 993, "imap.example.test"}});
    CHECK(parsed("example.test", RecordType::txt,
                 {"example.test. 60 IN TXT \"v=spf1 \" \"-all\"", "example.test. 60 IN TXT \"\""})
              .facts.texts == std::vector<std::string>{"v=spf1 -all", ""});
    CHECK(parsed("_25._tcp.mx.test", RecordType::tlsa, {"_25._tcp.mx.test. 60 IN TLSA 3 1 1 00ff10"})
              .facts.tlsa == std::vector<TlsaRecord>{{3, 1, 1, "00ff10"}});
    CHECK(parsed("1.2.0.192.in-addr.arpa", RecordType::ptr,
                 {"1.2.0.192.in-addr.arpa. 60 IN PTR mail.example.test."})
              .facts.names.at(0) == "mail.example.test");
    CHECK(parsed("example.test", RecordType::ns, {"example.test. 60 IN NS ns.example.test."})
              .facts.names.at(0) == "ns.example.test");
    const auto soa =
        parsed("example.test", RecordType::soa,
               {"example.test. 60 IN SOA ns.example.test. root.example.test. 7 3600 600 86400 300"});
    REQUIRE(soa.facts.soa);
    CHECK(soa.facts.soa->serial == 7);
    CHECK(soa.facts.soa->minimum == 300);
    const auto alias =
        parsed("www.example.test", RecordType::cname, {"www.example.test. 60 IN CNAME example.test."});
    CHECK(alias.facts.status == DnsStatus::found);
    CHECK(alias.facts.names.at(0) == "example.test");
    CHECK(alias.facts.aliases.empty());
}

TEST_CASE("answer: aliases are followed to their end", "[dns]") {
    const auto answer =
        parsed("mail.example.test", RecordType::a,
               {"b.example.test. 30 IN CNAME c.example.test.",
                "mail.example.test. 60 IN CNAME b.example.test.", "c.example.test. 90 IN A 192.0.2.1"});
    CHECK(answer.facts.status == DnsStatus::found);
    CHECK(answer.facts.aliases == std::vector<std::string>{"b.example.test", "c.example.test"});
    CHECK(answer.end_name == "c.example.test");
    CHECK(answer.facts.ttl == 30);
    CHECK(answer.complete);

    const auto open_end =
        parsed("mail.example.test", RecordType::a, {"mail.example.test. 60 IN CNAME b.example.test."});
    CHECK(open_end.facts.status == DnsStatus::no_data);
    CHECK_FALSE(open_end.complete);
    CHECK(open_end.end_name == "b.example.test");

    const auto nowhere =
        parsed(a_question, {.answer = {"mail.example.test. 60 IN CNAME b.example.test."}, .rcode = 3});
    CHECK(nowhere.facts.status == DnsStatus::no_such_name);
    CHECK(nowhere.complete);
}

TEST_CASE("answer: alias loops", "[dns][dns.cname-loop]") {
    const auto status_of = [](std::vector<std::string> records) {
        return parsed("mail.example.test", RecordType::a, std::move(records)).facts.status;
    };
    CHECK(status_of({"mail.example.test. 60 IN CNAME mail.example.test."}) == DnsStatus::alias_loop);
    CHECK(status_of({"mail.example.test. 60 IN CNAME b.test.", "b.test. 60 IN CNAME mail.example.test."}) ==
          DnsStatus::alias_loop);
    const auto chain_of = [&](int count) {
        std::vector<std::string> records;
        std::string at = "mail.example.test.";
        for (int i = 0; i < count; ++i) {
            const std::string next = "n" + std::to_string(i) + ".test.";
            records.push_back(at + " 60 IN CNAME " + next);
            at = next;
        }
        records.push_back(at + " 60 IN A 192.0.2.1");
        return status_of(records);
    };
    CHECK(chain_of(16) == DnsStatus::found);
    CHECK(chain_of(17) == DnsStatus::alias_loop);
}

TEST_CASE("answer: how a look-up can end", "[dns]") {
    const std::string soa =
        "example.test. 900 IN SOA ns.example.test. root.example.test. 7 3600 600 86400 120";
    const auto no_data = parsed(a_question, {.authority = {soa}});
    CHECK(no_data.facts.status == DnsStatus::no_data);
    CHECK(no_data.facts.ttl == 120);
    CHECK(parsed(a_question, {.authority = {soa}, .rcode = 3}).facts.status == DnsStatus::no_such_name);
    CHECK(parsed(a_question, {.rcode = 2}).facts.status == DnsStatus::server_failure);
    const auto refused = parsed(a_question, {.rcode = 5});
    CHECK(refused.facts.status == DnsStatus::refused);
    CHECK(refused.facts.rcode == 5);
    CHECK(parsed(a_question, {.truncated = true}).truncated);
}

TEST_CASE("answer: extended errors are kept", "[dns]") {
    const std::string options(
        "\0\x0a\0\x08"
        "12345678"
        "\0\x0f\0\x09\0\x07"
        "expired"
        "\0\x0f\0\x02\0\x16",
        31);
    const auto answer = parsed(a_question, {.rcode = 2, .edns_options = options});
    REQUIRE(answer.facts.extended_errors.size() == 2);
    CHECK(answer.facts.extended_errors[0].code == 7);
    CHECK(answer.facts.extended_errors[0].text == "expired");
    CHECK(answer.facts.extended_errors[1].code == 22);
    const auto broken = parsed(a_question, {.edns_options = std::string("\0\x0f\0\x50\0\x07", 6)});
    CHECK(broken.facts.extended_errors.empty());
}

TEST_CASE("answer: what is none", "[dns]") {
    const std::string good =
        answer_to(asked(a_question), {.answer = {"mail.example.test. 300 IN A 192.0.2.1"}});
    REQUIRE(parse_answer(good, a_question));
    CHECK_FALSE(parse_answer("", a_question));
    for (std::size_t size = 0; size < good.size() - 11; ++size)
        CHECK_FALSE(parse_answer(good.substr(0, size), a_question));
    CHECK_FALSE(parse_answer(*make_query(a_question, {}), a_question));
    CHECK_FALSE(parse_answer(good, {.name = "mail.example.test", .type = RecordType::aaaa}));
    CHECK_FALSE(parse_answer(good, {.name = "mail.example.com", .type = RecordType::a}));
    std::string crowded = good;
    crowded[6] = '\x7f';
    const auto too_many = parse_answer(crowded, a_question);
    REQUIRE_FALSE(too_many);
    CHECK(too_many.error().kind == FailureKind::too_large);
    std::string loop = good;  // the answer's owner is a pointer to itself
    const auto pointer = loop.find("\xc0\x0c");
    REQUIRE(pointer != std::string::npos);
    loop[pointer + 1] = static_cast<char>(pointer);
    CHECK_FALSE(parse_answer(loop, a_question));
}
