// What is published is read back by the readers that judge everybody's documents: no program may drop it.
#include "core/discover/publish.h"

#include <algorithm>
#include <catch2/catch.hpp>

#include "core/discover/document.h"
#include "core/discover/pacc.h"
#include "core/model/server_url.h"

using namespace maildoctor;

namespace {

const EmailAddress email{.local = "user", .domain = *HostName::from("example.test")};

PublicationOffer offer(std::initializer_list<const char*> incoming,
                       std::initializer_list<const char*> outgoing) {
    PublicationOffer made{.domain = email.domain};
    for (const char* url : incoming)
        made.servers.incoming.push_back(*parse_server_url(url));
    for (const char* url : outgoing)
        made.servers.outgoing.push_back(*parse_server_url(url));
    return made;
}

const PublicationPart* part(const std::vector<PublicationPart>& parts, const std::string& id) {
    const auto found = std::ranges::find(parts, id, &PublicationPart::id);
    return found == parts.end() ? nullptr : &*found;
}

std::vector<std::string> urls(const std::vector<ServerSetting>& servers) {
    std::vector<std::string> out;
    for (const ServerSetting& server : servers)
        out.push_back(server_url(server));
    return out;
}

}  // namespace

TEST_CASE(
    "publish: every document is read back as it was offered and dropped by nobody who reads its protocol",
    "[discover]") {
    const auto offered = GENERATE_COPY(
        offer({"imap://imap.example.test:993"}, {"smtp://smtp.example.test:465"}),
        offer({"imap://imap.example.test:143?security=starttls", "pop3://pop.example.test:995"},
              {"smtp://smtp.example.test:587?security=starttls", "smtp://smtp.example.test:465"}),
        offer({"pop3://pop.example.test:110?security=starttls"},
              {"smtp://smtp.example.test:2465?security=tls"}));
    const auto parts = discover::make_publication(offered);
    REQUIRE(parts);
    static constexpr std::array<std::pair<const char*, DocumentFormat>, 3> documents = {
        {{"autoconfig", DocumentFormat::autoconfig},
         {"autodiscover", DocumentFormat::autodiscover},
         {"mobileconfig", DocumentFormat::mobileconfig}}};
    for (const auto& [id, format] : documents) {
        CAPTURE(id);
        const PublicationPart* const made = part(*parts, id);
        REQUIRE(made != nullptr);
        const auto read = discover::read_document(format, made->content, email);
        // K-9 reads IMAP only: it has no use for a domain without.
        for (const DocumentFault& fault : read.faults) {
            CHECK(fault.kind == "no-incoming-server");
            CHECK(fault.dropped_by == std::vector<std::string>{"k9"});
            CHECK(offered.servers.incoming.front().protocol == Protocol::pop3);
        }
        CHECK(read.skipped.empty());
        const bool one = format == DocumentFormat::mobileconfig;  // an Apple profile holds one account
        auto incoming = urls(offered.servers.incoming), outgoing = urls(offered.servers.outgoing);
        if (one) incoming.resize(1), outgoing.resize(1);
        CHECK(urls(read.settings.incoming) == incoming);
        CHECK(urls(read.settings.outgoing) == outgoing);
    }
}

TEST_CASE("publish: a K-9 reads the autoconfig file, too", "[discover]") {
    const auto parts =
        discover::make_publication(offer({"imap://imap.example.test:993"}, {"smtp://smtp.example.test:465"}));
    REQUIRE(parts);
    const auto read =
        discover::read_document(DocumentFormat::autoconfig, part(*parts, "autoconfig")->content, email);
    CHECK(read.faults.empty());
    CHECK(read.settings.incoming.front().username == "user@example.test");
}

TEST_CASE("publish: PACC goes with the digest of its octets, where the ports allow it", "[discover]") {
    const auto parts =
        discover::make_publication(offer({"imap://imap.example.test:993"}, {"smtp://smtp.example.test:465"}));
    REQUIRE(parts);
    const PublicationPart* const pacc = part(*parts, "pacc");
    REQUIRE(pacc != nullptr);
    const auto read = discover::read_document(DocumentFormat::pacc, pacc->content, email);
    CHECK(read.faults.empty());
    CHECK(urls(read.settings.incoming) ==
          std::vector<std::string>{"imap://imap.example.test:993?security=tls"});
    CHECK(part(*parts, "dns")->content.find(discover::pacc_record(pacc->content)) != std::string::npos);
    const auto other = discover::make_publication(
        offer({"imap://imap.example.test:1993?security=tls"}, {"smtp://smtp.example.test:465"}));
    REQUIRE(other);
    CHECK(part(*other, "pacc") == nullptr);
    CHECK(part(*other, "dns")->content.find("UAAC1") == std::string::npos);
}

TEST_CASE("publish: SRV records for what is offered, a dot for the rest", "[discover]") {
    const auto parts =
        discover::make_publication(offer({"imap://imap.example.test:993", "imap://other.example.test:993"},
                                         {"smtp://smtp.example.test:587?security=starttls"}));
    REQUIRE(parts);
    const std::string& zone = parts->front().content;
    const auto has = [&](const std::string& name, const std::string& data) {
        std::size_t at = zone.find(name + ".");
        while (at != std::string::npos) {
            const std::string line = zone.substr(at, zone.find('\n', at) - at);
            if (line.ends_with(" 3600 IN SRV " + data)) return true;
            at = zone.find(name + ".", at + 1);
        }
        return false;
    };
    CHECK(has("_imaps._tcp.example.test", "0 1 993 imap.example.test."));
    CHECK(has("_imaps._tcp.example.test", "10 1 993 other.example.test."));
    CHECK(has("_submission._tcp.example.test", "0 1 587 smtp.example.test."));
    CHECK(has("_submissions._tcp.example.test", "0 0 0 ."));
    CHECK(has("_imap._tcp.example.test", "0 0 0 ."));
    CHECK(has("_pop3s._tcp.example.test", "0 0 0 ."));
    CHECK(has("_autodiscover._tcp.example.test", "0 0 443 autodiscover.example.test."));
}

TEST_CASE("publish: names cannot break out of their place", "[discover]") {
    auto offered = offer({"imap://imap.example.test:993"}, {"smtp://smtp.example.test:465"});
    offered.display_name = "A&B <Mail> \"x\\\" \x1b[2J\n";
    const auto parts = discover::make_publication(offered);
    REQUIRE(parts);
    for (const auto& [id, format] :
         {std::pair("autoconfig", DocumentFormat::autoconfig),
          std::pair("mobileconfig", DocumentFormat::mobileconfig), std::pair("pacc", DocumentFormat::pacc)}) {
        CAPTURE(id);
        CHECK(part(*parts, id)->content.find('\x1b') == std::string::npos);
        CHECK_FALSE(discover::read_document(format, part(*parts, id)->content, email).is_dropped());
    }
}

TEST_CASE("publish: what should not be published is refused", "[discover]") {
    CHECK(discover::make_publication(offer({}, {"smtp://smtp.example.test:465"})).error() ==
          "no server for reading is given");
    CHECK(discover::make_publication(offer({"imap://imap.example.test:993"}, {})).error() ==
          "no server for sending is given");
    CHECK_FALSE(discover::make_publication(
        offer({"imap://imap.example.test:143?security=none"}, {"smtp://smtp.example.test:465"})));
    CHECK_FALSE(
        discover::make_publication(offer({"imap://192.0.2.1:993"}, {"smtp://smtp.example.test:465"})));
}

TEST_CASE("publish: the same input gives the same octets", "[discover]") {
    const auto one = offer({"imap://imap.example.test:993"}, {"smtp://smtp.example.test:465"});
    const auto first = discover::make_publication(one), second = discover::make_publication(one);
    REQUIRE((first && second));
    for (std::size_t i = 0; i < first->size(); ++i)
        CHECK((*first)[i].content == (*second)[i].content);
}
