#include <catch2/catch.hpp>

#include "core/policy/bimi.h"
#include "core/policy/dane.h"
#include "core/policy/dkim.h"
#include "core/policy/dmarc.h"
#include "core/policy/mta_sts.h"
#include "core/policy/tls_rpt.h"
#include "tests/policy/json.h"
#include "tests/policy/table.h"

using namespace maildoctor;
using testing::texts;
using Weight = PolicyFault::Weight;
using testing::Json;

namespace {

Json vectors(const std::string& name) {
    return testing::read_json(MAILDOCTOR_SOURCE_DIR "/tests/policy/vectors/" + name);
}

/// What a reader that keeps to the grammar takes.
bool is_strictly_valid(const PolicyRecord& record) {
    return record.state == PolicyRecord::State::found &&
           std::ranges::none_of(record.faults, [](const PolicyFault& fault) {
               return fault.weight == Weight::discarded || fault.weight == Weight::strict;
           });
}

void check_text(const Json& expect, const std::string& name, const std::string& got) {
    if (expect.has(name)) CHECK(got == expect[name].text);
}

void check_list(const Json& expect, const std::string& name, const std::vector<std::string>& got) {
    if (expect[name].is_array) CHECK(got == expect[name].texts());
}

template <class Check>
void each_case(const std::string& file, Check check) {
    const Json all = vectors(file);
    REQUIRE(!all["cases"].items.empty());
    for (const Json& one : all["cases"].items) {
        INFO(file << ": " << one["input"].text);
        check(one["input"].text, one["valid"].text == "true", one["expect"]);
    }
}

std::string kinds(const PolicyRecord& record) {
    std::string all;
    for (const PolicyFault& fault : record.faults)
        all += (all.empty() ? "" : " ") + fault.kind;
    return all;
}

}  // namespace

TEST_CASE("mta-sts: records of the vectors", "[policy][mta-sts]") {
    each_case("mta-sts-record.json", [](const std::string& input, bool valid, const Json& expect) {
        const MtaStsFacts facts = policy::read_mta_sts(texts({input}));
        CHECK(is_strictly_valid(facts.record) == valid);
        if (valid) check_text(expect, "id", facts.id);
    });
}

TEST_CASE("mta-sts: policy files of the vectors", "[policy][mta-sts]") {
    each_case("mta-sts-policy.json", [](const std::string& input, bool valid, const Json& expect) {
        MtaStsFacts facts;
        policy::read_mta_sts_file(input, facts);
        INFO(kinds(facts.file));
        CHECK(is_strictly_valid(facts.file) == valid);
        if (!valid) return;
        check_text(expect, "mode", facts.mode);
        check_list(expect, "mx", facts.mx);
        if (expect.has("max_age")) CHECK(std::to_string(facts.max_age) == expect["max_age"].text);
    });
}

TEST_CASE("mta-sts: which exchangers a policy covers", "[policy][mta-sts]") {
    const Json file = vectors("mta-sts-lookup-match.json");
    MtaStsFacts facts;
    policy::read_mta_sts_file(file["policy"].text, facts);
    REQUIRE(file["mx_match"].items.size() == 5);
    for (const Json& one : file["mx_match"].items) {
        INFO(one["mx"].text);
        policy::compare_exchangers({one["mx"].text}, facts);
        CHECK(facts.missing.empty() == (one["match"].text == "true"));
    }
    policy::compare_exchangers({"A.EXAMPLE", "new.example"}, facts);
    CHECK(facts.missing == std::vector<std::string>{"new.example"});
    CHECK(facts.file.better == "version: STSv1\nmode: enforce\nmx: a.example\nmx: new.example\nmax_age: 1\n");
}

TEST_CASE("mta-sts: what is read although it is odd", "[policy][mta-sts]") {
    MtaStsFacts facts;
    policy::read_mta_sts_file(
        "version: STSv1\r\nmode: enforce\r\nmode: none\r\nmx: a.test\r\nmax_age: 99999999\r\n", facts);
    CHECK(facts.file.is_read());
    CHECK(kinds(facts.file) == "repeated-line long-max-age");
    CHECK(facts.mode == "enforce");
    CHECK(facts.max_age == 31557600);
    policy::read_mta_sts_file(std::string(70000, 'x'), facts);
    CHECK(facts.file.has("too-large"));
    CHECK(policy::read_mta_sts(texts({})).record.state == PolicyRecord::State::absent);
    CHECK(policy::read_mta_sts(texts({"v=STSv1; id=1", "v=STSv1; id=2"})).record.has("multiple"));
    CHECK(policy::read_mta_sts(texts({"v=STSv1; id=2026-11-21"})).record.better == "v=STSv1; id=20261121;");
}

TEST_CASE("tls-rpt: records of the vectors", "[policy][tls-rpt]") {
    each_case("tlsrpt-record.json", [](const std::string& input, bool valid, const Json& expect) {
        const TlsRptFacts facts = policy::read_tls_rpt(texts({input}));
        CHECK(is_strictly_valid(facts.record) == valid);
        if (!valid) return;
        std::vector<std::string> rua;
        for (const Json& list : expect["rua"].items) {
            for (std::string& uri : list.texts())
                rua.push_back(std::move(uri));
        }
        CHECK(facts.rua == rua);
    });
    CHECK(policy::read_tls_rpt(texts({"v=TLSRPTv1; rua=mailto:a@b.test;;"})).record.better ==
          "v=TLSRPTv1; rua=mailto:a@b.test");
}

TEST_CASE("dmarc: records of the vectors", "[policy][dmarc]") {
    each_case("dmarc-record.json", [](const std::string& input, bool valid, const Json& expect) {
        const DmarcFacts facts = policy::read_dmarc(texts({input}));
        INFO(kinds(facts.record));
        if (!valid) {
            CHECK_FALSE(is_strictly_valid(facts.record));
            return;
        }
        CHECK(facts.record.is_read());
        check_text(expect, "p", facts.p);
        check_text(expect, "np", facts.np);
        check_text(expect, "adkim", facts.adkim);
        check_text(expect, "aspf", facts.aspf);
        check_text(expect, "psd", facts.psd);
        check_list(expect, "rua", facts.rua);
        check_list(expect, "ruf", facts.ruf);
        check_list(expect, "rf", facts.formats);
        if (expect.has("sp")) CHECK((facts.sp.empty() ? facts.p : facts.sp) == expect["sp"].text);
        if (expect.has("pct")) CHECK(std::to_string(facts.percent) == expect["pct"].text);
        if (expect.has("ri")) CHECK(std::to_string(facts.report_interval) == expect["ri"].text);
        if (expect.has("t")) CHECK(facts.testing == (expect["t"].text == "true"));
    });
}

TEST_CASE("dmarc: how a record should read", "[policy][dmarc]") {
    const DmarcFacts facts =
        policy::read_dmarc(texts({"v=DMARC1; rua=mailto:a@b.test; p=reject; pct=110;;"}));
    CHECK(kinds(facts.record) == "late-policy bad-value empty-field");
    CHECK(facts.record.better == "v=DMARC1; p=reject; rua=mailto:a@b.test");
    CHECK(policy::read_dmarc(texts({"v=DMARC1; p=none"})).record.has("no-effect"));
    CHECK(policy::read_dmarc(texts({"v=DMARC1; p=reject; rua=mailto:a@b.test"})).record.faults.empty());
    CHECK(policy::read_dmarc(texts({"v=spf1 -all"})).record.state == PolicyRecord::State::absent);
    CHECK(policy::read_dmarc(texts({"v=DMARC1; p=none; rua=mailto:x@y.test", "v=DMARC1; p=reject"}))
              .record.has("multiple"));
}

TEST_CASE("dkim: keys of the standards", "[policy][dkim]") {
    // RFC 6376 appendix C (RSA 1024) and RFC 8463 appendix A.2.
    const DkimFacts rsa = policy::read_dkim(
        texts({"v=DKIM1; p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDwIRP/UC3SBsEmGqZ9ZJW3/DkMoGeLnQg1fWn7/zYt"
               "IxN2SnFCjxOCKG9v3b4jYfcTNh5ijSsq631uBItLa7od+v/RtdC2UzJ1lWT947qR+Rcac2gbto/NMqJ0fzfVjH4OuKhi"
               "tdY9tf6mcwGjaNBcWToIMmPSPDdQPNUYckcQ2QIDAQAB"}),
        "brisbane", true);
    CHECK(rsa.key_bits == 1024);
    CHECK(kinds(rsa.record) == "short-key");
    CHECK(rsa.record.is_read());
    const DkimFacts edwards = policy::read_dkim(
        texts({"v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="}), "brisbane", true);
    CHECK(edwards.record.faults.empty());
    CHECK(edwards.key_type == "ed25519");
    CHECK(edwards.key_bits == 256);
}

TEST_CASE("dkim: faults of key records", "[policy][dkim]") {
    const std::string key = "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=";
    const auto faults = [](const std::string& text) {
        return kinds(policy::read_dkim(texts({text}), "s", true).record);
    };
    CHECK(faults("v=DKIM1; p=") == "revoked");
    CHECK(faults("v=DKIM1; k=rsa") == "no-key");
    CHECK(faults("v=DKIM2; p=") == "bad-version revoked");
    CHECK(faults("k=ed25519; v=DKIM1; p=" + key) == "late-version");
    CHECK(faults("v=DKIM1; k=ed25519; h=sha1; p=" + key) == "old-hash");
    CHECK(faults("v=DKIM1; k=ed25519; s=tlsrpt; p=" + key) == "not-for-mail");
    CHECK(faults("v=DKIM1; k=ed25519; t=y:s; p=" + key) == "testing");
    CHECK(faults("v=DKIM1; k=ed25519; p=AAAA") == "bad-key");
    CHECK(faults("v=DKIM1; k=rsa; p=" + key) == "bad-key");
    CHECK(faults("v=DKIM1; k=ed25519; p=" + key + "; p=" + key) == "repeated-tag");
    CHECK(faults("v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQ HOg7hcvPapiMlrwIaaPcHURo=") == "");
    CHECK(policy::read_dkim(texts({"v=spf1 -all"}), "s", false).record.state == PolicyRecord::State::absent);
    const DkimFacts odd = policy::read_dkim(texts({"v=DKIM1;; k=ed25519; p=" + key}), "s", true);
    CHECK(odd.record.better == "v=DKIM1; k=ed25519; p=" + key);
}

TEST_CASE("bimi: records", "[policy][bimi]") {
    const BimiFacts good =
        policy::read_bimi(texts({"v=BIMI1; l=https://a.test/logo.svg; a=https://a.test/vmc.pem"}), "default");
    CHECK(good.record.faults.empty());
    CHECK(good.location == "https://a.test/logo.svg");
    CHECK(good.authority == "https://a.test/vmc.pem");
    CHECK(policy::read_bimi(texts({"v=BIMI1; l=; a=;"}), "default").declined);
    CHECK(kinds(policy::read_bimi(texts({"v=BIMI1; l=http://a.test/logo.svg"}), "default").record) ==
          "bad-address");
    CHECK(kinds(policy::read_bimi(texts({"v=BIMI1; l=https://a.test/logo.png"}), "default").record) ==
          "not-svg");
    CHECK(kinds(policy::read_bimi(texts({"v=BIMI1; a=self"}), "default").record) == "no-location");
    BimiFacts weak = good;
    policy::require_dmarc(policy::read_dmarc(texts({})), weak);
    CHECK(weak.record.has("weak-dmarc"));
}

TEST_CASE("dane: which records clients can use", "[policy][dane]") {
    const std::string digest(64, 'a');
    CHECK(policy::judge_tlsa({.usage = 3, .selector = 1, .matching = 1, .data = digest}, true).usable);
    CHECK(
        policy::judge_tlsa({.usage = 2, .selector = 0, .matching = 2, .data = digest + digest}, true).usable);
    CHECK(policy::judge_tlsa({.usage = 3, .selector = 0, .matching = 0, .data = "30"}, true).usable);
    CHECK_FALSE(policy::judge_tlsa({.usage = 1, .selector = 1, .matching = 1, .data = digest}, true).usable);
    CHECK(policy::judge_tlsa({.usage = 1, .selector = 1, .matching = 1, .data = digest}, false).usable);
    CHECK_FALSE(policy::judge_tlsa({.usage = 3, .selector = 1, .matching = 1, .data = "aa"}, true).usable);
    CHECK_FALSE(policy::judge_tlsa({.usage = 10, .selector = 1, .matching = 1, .data = digest}, true).usable);
    CHECK_FALSE(policy::judge_tlsa({.usage = 3, .selector = 2, .matching = 1, .data = digest}, true).usable);
    CHECK_FALSE(policy::judge_tlsa({.usage = 3, .selector = 1, .matching = 9, .data = digest}, true).usable);
}
