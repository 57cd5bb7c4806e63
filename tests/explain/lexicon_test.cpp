// What single words say: an answer where no rule matches, and none for text that is about no mail problem.
#include "core/explain/lexicon.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <fstream>

#include "core/explain/explain.h"
#include "core/explain/function_words.h"
#include "core/explain/reasons.h"
#include "core/knowledge/words.h"

using namespace maildoctor;

namespace {

/// Lines of a file of rules/lexicon without its comments.
std::vector<std::string> lines_of(const std::string& name) {
    std::ifstream in(MAILDOCTOR_SOURCE_DIR "/rules/lexicon/" + name);
    REQUIRE(in);
    std::vector<std::string> lines;
    for (std::string line; std::getline(in, line);) {
        if (!line.empty() && line.front() != '#') lines.push_back(line);
    }
    return lines;
}

}  // namespace

TEST_CASE("lexicon: text about no mail problem has no cause", "[explain]") {
    for (const std::string& text : lines_of("not-mail.txt")) {
        INFO(text);
        CHECK(explain::explain(text).causes.empty());
    }
    for (const std::string text :
         {"The committee met on Thursday and agreed to paint the fence green before the summer begins.",
          "Gestern haben wir im Garten gegrillt, und die Kinder haben bis spät gespielt.",
          "Nous avons visité le musée et mangé une glace au bord de la rivière.", "zzkx qqpw vvtr mmnb llkj",
          "1 2 3 4 5 6 7 8 9 10 11 12", "%%% &&& ### ((( )))"}) {
        INFO(text);
        CHECK(explain::explain(text).causes.empty());
    }
}

TEST_CASE("lexicon: known wordings are explained", "[explain]") {
    std::size_t all = 0, right = 0;
    for (const std::string& line : lines_of("wordings.tsv")) {
        const std::size_t tab = line.find('\t');
        REQUIRE(tab != std::string::npos);
        const Clues clues = explain::explain(line.substr(tab + 1));
        ++all;
        const std::string expected = "|" + line.substr(0, tab) + "|";  // several: any is right
        const bool hit = !clues.causes.empty() &&
                         expected.contains("|" + std::string(cause_id(clues.causes.front().cause)) + "|");
        right += hit;
        if (!hit) UNSCOPED_INFO(line);
    }
    INFO(right << " of " << all);
    CHECK(all > 3000);
    CHECK(right * 100 >= all * 95);
}

TEST_CASE("lexicon: what only words say is no more than possible, and names them", "[explain]") {
    bool seen = false;
    for (const std::string& line : lines_of("wordings.tsv")) {
        const std::string text = line.substr(line.find('\t') + 1);
        const Clues clues = explain::explain(text);
        if (clues.causes.empty() || clues.causes.front().matched.empty() ||
            clues.causes.front().matched.front().rule != "words")
            continue;
        seen = true;
        INFO(text);
        CHECK(clues.causes.front().confidence == Confidence::possible);
        for (const Match& match : clues.causes.front().matched) {
            CHECK(match.begin < match.end);
            CHECK(match.end <= clues.text.size());
        }
    }
    CHECK(seen);
}

TEST_CASE("lexicon: evidence is words that say something", "[explain]") {
    const auto& pack = knowledge::built_in();
    for (const std::string text :
         {"Somebody sent 77 thousands of the mails through my mailbox and the provider has blocked it, 550 "
          "in 2024",
          "Meine 12 Mails an die Tante kommen alle zurück, sein Postfach ist überfüllt"}) {
        INFO(text);
        const explain::LexicalReading reading(pack, text);
        const std::vector<Match> evidence = reading.evidence(reading.best(1).front());
        REQUIRE_FALSE(evidence.empty());
        for (const Match& match : evidence) {
            const std::string quoted = text.substr(match.begin, match.end - match.begin);
            INFO(quoted);
            CHECK(std::ranges::none_of(std::string{quoted.front(), quoted.back()},
                                       [](char c) { return c >= '0' && c <= '9'; }));
            for (const char* const word : {"the", "and", "my", "of", "in", "ist", "die", "an", "sein"})
                CHECK(knowledge::folded_text(quoted) != word);
        }
    }
    CHECK(explain::LexicalReading(pack, "the 77 of and 12").evidence(Cause::net_timeout).empty());
}

TEST_CASE("lexicon: long texts are read no further than their front", "[explain]") {
    const auto& pack = knowledge::built_in();
    const std::string front = "mailbox is full and over quota ";
    const std::string tail(1 << 20, 'x');
    const explain::LexicalReading alone(pack, front), with_tail(pack, front + tail);
    CHECK(alone.known() > 3);
    CHECK(with_tail.known() <= alone.known() + 2);
    CHECK(explain::LexicalReading(pack, "").known() == 0);
}

TEST_CASE("lexicon: the words that only hold sentences together", "[explain]") {
    CHECK(explain::is_function_word("the"));
    CHECK(explain::is_function_word("meine"));
    CHECK(explain::is_function_word("a"));
    CHECK(explain::is_function_word("zu"));
    CHECK_FALSE(explain::is_function_word("not"));
    CHECK_FALSE(explain::is_function_word("kein"));
    CHECK_FALSE(explain::is_function_word("password"));
    CHECK_FALSE(explain::is_function_word(""));
}

TEST_CASE("explain: a reason comes before the failure that it explains", "[explain]") {
    using enum Cause;
    const auto first_of = [](std::vector<CauseCandidate> causes) {
        explain::prefer_reasons(causes);
        return std::ranges::max_element(causes, {}, &CauseCandidate::weight)->cause;
    };
    const auto candidate = [](Cause cause, double weight, Confidence confidence = Confidence::likely) {
        return CauseCandidate{.cause = cause, .confidence = confidence, .weight = weight};
    };
    CHECK(first_of({candidate(net_connect_failed, 500), candidate(dns_host_not_found, 400)}) ==
          dns_host_not_found);
    CHECK(first_of({candidate(net_refused, 350), candidate(net_connect_failed, 500),
                    candidate(net_timeout, 300)}) == net_refused);
    CHECK(first_of({candidate(tls_handshake_failed, 500), candidate(tls_protocol_mismatch, 400)}) ==
          tls_protocol_mismatch);
    CHECK(first_of({candidate(net_connect_failed, 500), candidate(dns_host_not_found, 100)}) ==
          net_connect_failed);
    CHECK(first_of({candidate(net_connect_failed, 500), candidate(net_refused, 450, Confidence::possible)}) ==
          net_connect_failed);
    CHECK(first_of({candidate(net_connect_failed, 500), candidate(tls_self_signed, 450)}) ==
          net_connect_failed);
    CHECK(first_of({candidate(auth_bad_credentials, 500), candidate(net_refused, 450)}) ==
          auth_bad_credentials);
    std::vector<CauseCandidate> none;
    explain::prefer_reasons(none);
    CHECK(none.empty());
}
