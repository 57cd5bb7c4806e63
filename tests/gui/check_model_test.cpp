// The marks, the line of time, and a run that is started and stopped.
#include <catch2/catch.hpp>
#include <thread>

#include "gui/model/check.h"
#include "gui/model/evidence.h"
#include "gui/model/scenes.h"

using namespace maildoctor;
using namespace maildoctor::gui;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

namespace {

const MatrixRow& row(const Matrix& matrix, std::string_view place) {
    for (const MatrixRow& candidate : matrix.rows())
        if (candidate.place() == place) return candidate;
    FAIL("no row " << place);
    return matrix.rows().front();
}

}  // namespace

TEST_CASE("the marks tell steps apart, and typed servers come first", "[gui][matrix]") {
    const Matrix matrix = matrix_of(example_report(Language::english), Language::english);
    const MatrixRow& imap = row(matrix, "mail.example.org:993");
    CHECK(imap.typed);
    CHECK(imap.cell(Step::dns).state == CellState::good);
    CHECK(imap.cell(Step::port).state == CellState::good);
    CHECK(imap.cell(Step::tls).state == CellState::bad);
    CHECK(imap.cell(Step::login).state == CellState::not_asked);
    CHECK(row(matrix, "mail.example.org:587").cell(Step::login).state == CellState::good);
    CHECK(row(matrix, "mail.example.org:995").cell(Step::port).state == CellState::closed);
    CHECK(row(matrix, "mx.example.org:25").role == Role::mx);
    CHECK(matrix.rows().front().typed);
    CHECK(matrix.rows()[1].typed);
    CHECK_FALSE(matrix.rows()[2].typed);
}

TEST_CASE("a closed port is a fault only where it was typed", "[gui][matrix]") {
    Observation seen{.probe = "mail.dialog"};
    seen.subject = {.host = "mail.example.org", .port = Port::from(110), .protocol = Protocol::pop3};
    seen.failure = Failure{.stage = maildoctor::Stage::connect, .kind = FailureKind::refused};
    for (const char* source : {"typed", "guess"}) {
        seen.source = source;
        Matrix matrix;
        matrix.add(std::make_shared<const Observation>(seen));
        CHECK(matrix.rows().front().cell(Step::port).state ==
              (seen.source == "typed" ? CellState::bad : CellState::closed));
    }
    seen.failure->kind = FailureKind::cancelled;
    Matrix matrix;
    matrix.add(std::make_shared<const Observation>(seen));
    CHECK(matrix.rows().front().cell(Step::port).state == CellState::unknown);
}

TEST_CASE("evidence names the fault and keeps the dialog", "[gui][evidence]") {
    const Report report = example_report(Language::english);
    const SeenFacts seen = evidence_of(report.observations[4], Language::english);
    CHECK(seen.heading.find("mail.example.org:993") != std::string::npos);
    CHECK(std::ranges::any_of(seen.facts, [](const FactLine& f) { return f.fault; }));
    CHECK(seen.spoken.size() == report.observations[4].transcript.size());
}

TEST_CASE("the line of time is in order and knows its length", "[gui][timeline]") {
    const Timeline timeline = timeline_of(example_report(Language::english));
    REQUIRE(timeline.bars().size() == 12);
    CHECK(std::ranges::is_sorted(timeline.bars(), {}, &Bar::start));
    CHECK(timeline.length(milliseconds(0)) == milliseconds(400));
}

TEST_CASE("a check of a silent name server is stopped at once", "[gui][check]") {
    CheckModel check({});
    check.options.resolvers = {"127.0.0.1:9"};
    check.options.timeout = std::chrono::seconds(20);
    check.form.email = "anna@example.test";
    REQUIRE(check.start(Language::english));
    CHECK(check.busy());
    std::this_thread::sleep_for(milliseconds(50));
    check.poll(Language::english);
    const auto began = steady_clock::now();
    check.cancel();
    CHECK(check.stage() != CheckStage::running);
    while (check.busy() && steady_clock::now() - began < std::chrono::seconds(5)) {
        check.poll(Language::english);
        std::this_thread::sleep_for(milliseconds(1));
    }
    CHECK(check.stage() == CheckStage::done);
    CHECK(steady_clock::now() - began < milliseconds(200));
    REQUIRE(check.report() != nullptr);
    CHECK(check.report()->verdict != Verdict::ok);
}

TEST_CASE("a form with faults starts nothing", "[gui][check]") {
    CheckModel check({});
    CHECK_FALSE(check.start(Language::english));
    CHECK(check.stage() == CheckStage::form);
    CHECK(check.reading().fault_at(Field::email) != nullptr);
}

TEST_CASE("an option that cannot be used is told in the form", "[gui][check]") {
    CheckModel check({});
    check.options.ca_file = "/nonexistent.pem";
    check.form.email = "anna@example.test";
    check.start(Language::english);
    CHECK(check.stage() == CheckStage::form);
    CHECK_FALSE(check.complaint().empty());
}
