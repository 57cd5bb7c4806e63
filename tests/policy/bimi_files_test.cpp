#include "core/policy/bimi_files.h"

#include <catch2/catch.hpp>
#include <fstream>
#include <iterator>

using namespace maildoctor;

namespace {

constexpr std::int64_t now = 1'800'000'000;  // 2027-01-15
constexpr std::int64_t day = 86400;

std::string corpus(const std::string& name) {
    std::ifstream in(std::string(MAILDOCTOR_SOURCE_DIR) + "/tests/corpus/" + name, std::ios::binary);
    REQUIRE(in);
    return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

std::string kinds(const PolicyRecord& record) {
    std::string all;
    for (const PolicyFault& fault : record.faults)
        all += (all.empty() ? "" : " ") + fault.kind;
    return all;
}

std::string picture(const std::string& bytes, const std::string& type = "image/svg+xml") {
    PolicyRecord file;
    policy::read_bimi_picture(bytes, type, file);
    CHECK(file.state == PolicyRecord::State::found);
    return kinds(file);
}

/// The good picture with one change.
std::string changed(const std::string& from, const std::string& to) {
    std::string bytes = corpus("bimi_picture/good.svg");
    const std::size_t at = bytes.find(from);
    REQUIRE(at != std::string::npos);
    return picture(bytes.replace(at, from.size(), to));
}

BimiFacts certificate(const std::string& name, const std::vector<std::string>& names = {"example.test"},
                      std::int64_t when = now) {
    BimiFacts facts;
    policy::read_bimi_certificate(corpus("bimi_certificate/" + name), names, when, facts);
    return facts;
}

}  // namespace

TEST_CASE("bimi: a picture in the profile Tiny PS", "[policy][bimi]") {
    CHECK(picture(corpus("bimi_picture/good.svg")).empty());
    CHECK(picture(corpus("bimi_picture/good.svg"), "image/svg+xml; charset=utf-8").empty());
    CHECK(picture(corpus("bimi_picture/good.svg"), "text/plain") == "content-type");
    CHECK(picture(corpus("bimi_picture/compressed.svgz")) == "compressed");
    CHECK(picture(corpus("bimi_picture/page.html")) == "not-svg");
    CHECK(picture("") == "not-svg");
    CHECK(picture("<!DOCTYPE svg [<!ENTITY a 'b'>]><svg>&a;</svg>") == "not-svg");
}

TEST_CASE("bimi: what keeps a picture from being shown", "[policy][bimi]") {
    CHECK(changed("tiny-ps", "tiny") == "wrong-profile");
    CHECK(changed(" baseProfile=\"tiny-ps\"", "") == "wrong-profile");
    CHECK(changed("version=\"1.2\"", "version=\"1.1\"") == "wrong-profile");
    CHECK(changed("<svg ", "<svg x=\"1\" ") == "wrong-profile");
    CHECK(changed("<title>Example</title>", "") == "no-title");
    CHECK(changed("<title>Example</title>", "<title> </title>") == "no-title");
    CHECK(changed("<title>Example</title>", "<g><title>Example</title></g>") == "no-title");
    CHECK(changed("Example", std::string(65, 'x')) == "long-title");
    CHECK(changed("0 0 64 64", "0 0 64 32") == "not-square");
    CHECK(changed("viewBox=\"0 0 64 64\"", "width=\"64\" height=\"64px\"").empty());
    CHECK(changed("viewBox=\"0 0 64 64\"", "viewBox=\"0,0 64\"") == "not-square");
    CHECK(changed("<rect", "<script/><rect") == "forbidden-element");
    CHECK(changed("<rect", "<image/><rect") == "forbidden-element");
    CHECK(changed("<rect", "<g><animate/></g><rect") == "forbidden-element");
    CHECK(changed("<rect", "<rect onclick=\"x()\"") == "script");
    CHECK(changed("<rect", "<use href=\"#g\"/><rect").empty());
    CHECK(changed("<rect", "<use href=\"https://x.test/a.svg#g\"/><rect") == "external-reference");
    CHECK(changed("url(#g)", "url( 'http://x.test/#g')") == "external-reference");
    CHECK(changed("url(#g)", "url(").empty());
    CHECK(changed("</svg>", "<!--" + std::string(40000, ' ') + "--></svg>") == "large-picture");
    const std::string bad = picture(corpus("bimi_picture/bad.svg"));
    for (const char* kind :
         {"wrong-profile", "no-title", "script", "forbidden-element", "external-reference", "not-square"})
        CHECK(bad.find(kind) != std::string::npos);
}

TEST_CASE("bimi: the certificate of a logo", "[policy][bimi]") {
    const BimiFacts good = certificate("good.pem");
    CHECK(kinds(good.certificate).empty());
    CHECK(good.certificate_names ==
          std::vector<std::string>{"example.test", "default._bimi.sub.example.test"});
    CHECK(good.mark_type == "Registered Mark");
    CHECK(good.certificate_ends > now);
    CHECK(kinds(certificate("good.pem", {"Sub.test", "DEFAULT._bimi.SUB.example.test"}).certificate).empty());
    CHECK(kinds(certificate("good.pem", {"other.test"}).certificate) == "wrong-name");
    CHECK(kinds(certificate("good.pem", {"example.test"}, good.certificate_ends + 1).certificate) ==
          "expired");
    CHECK(kinds(certificate("good.pem", {"example.test"}, good.certificate_ends - 3 * day).certificate) ==
          "ends-soon");
    CHECK(kinds(certificate("good.pem", {"example.test"}, 1'000'000'000).certificate) == "not-yet-valid");
    CHECK(kinds(certificate("alone.pem").certificate) == "incomplete-chain");
    CHECK(kinds(certificate("not-chained.pem").certificate) == "incomplete-chain");
    CHECK(kinds(certificate("for-servers.pem").certificate) == "wrong-purpose no-logo");
    CHECK(kinds(certificate("no-pem.txt").certificate) == "not-pem");
}
