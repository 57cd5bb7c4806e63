// How many refused logins an account can bear.
#include "core/doctor/logins.h"

#include <catch2/catch.hpp>

using namespace maildoctor;
using doctor::LoginBudget;

TEST_CASE("login budget: ends with the last refusal that is allowed", "[doctor][login]") {
    LoginBudget budget(2);
    CHECK(budget.left());
    budget.count_refusal();
    CHECK(budget.left());
    budget.count_refusal();
    CHECK_FALSE(budget.left());
    CHECK(budget.refused() == 2);
    CHECK(budget.why_none().contains("2 of at most 2"));
    CHECK(budget.why_none().contains("--login-budget"));
}

TEST_CASE("login budget: \"locked\" ends it at once, with the server's words", "[doctor][login]") {
    LoginBudget budget(5);
    budget.stop("NO [ALERT] Account locked");
    CHECK_FALSE(budget.left());
    CHECK(budget.refused() == 0);
    CHECK(budget.why_none().contains("Account locked"));
}

TEST_CASE("logins: who has a credential for which role", "[doctor][login]") {
    const auto secret = std::make_shared<const Secret>(std::string("tulip"));
    const doctor::Logins none({}, knowledge::built_in(), {}, std::nullopt);
    CHECK_FALSE(none.wanted(Role::incoming));
    const doctor::Logins both({}, knowledge::built_in(), {.account = {{.user = "kim", .password = secret}}},
                              std::nullopt);
    CHECK(both.wanted(Role::incoming));
    CHECK(both.wanted(Role::outgoing));
    const doctor::Logins sending({}, knowledge::built_in(),
                                 {.outgoing = {{.user = "kim", .password = secret}}}, std::nullopt);
    CHECK_FALSE(sending.wanted(Role::incoming));
    CHECK(sending.wanted(Role::outgoing));
    CHECK_FALSE(both.proven(Role::incoming));
}
