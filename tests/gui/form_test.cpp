// The form of a check: what is typed becomes a request, and what is wrong is marked at its field.
#include "gui/model/form.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cstring>

using namespace maildoctor;
using namespace maildoctor::gui;

namespace {

void type(SecretField& field, const char* text) {
    std::memcpy(field.data(), text, std::strlen(text) + 1);
}

}  // namespace

TEST_CASE("an address alone is enough", "[gui][form]") {
    CheckForm form;
    form.email = "  anna@example.org ";
    const FormReading reading = read_form(form, Language::german);
    REQUIRE(reading.faults.empty());
    CHECK(reading.request.email->text() == "anna@example.org");
    CHECK(reading.request.for_someone_else);
    CHECK(reading.request.language == "de");
    CHECK_FALSE(reading.request.incoming);
}

TEST_CASE("each fault stands at its field", "[gui][form]") {
    CheckForm form;
    CHECK(read_form(form, Language::english).fault_at(Field::email) != nullptr);
    form.email = "anna at example.org";
    form.incoming = {.host = "http://imap.example.org/", .port = "70000", .user = UserChoice::own};
    form.outgoing = {.host = "smtp.example.org", .port = "five"};
    const FormReading reading = read_form(form, Language::english);
    for (const Field field : {Field::email, Field::in_host, Field::in_port, Field::in_user, Field::out_port})
        CHECK(reading.fault_at(field) != nullptr);
    CHECK(reading.fault_at(Field::out_host) == nullptr);
}

TEST_CASE("what is left open is filled from the port and the name", "[gui][form]") {
    CheckForm form;
    form.incoming = {.host = "pop.example.org"};
    form.outgoing = {.host = "smtp.example.org", .port = "465"};
    Request request = read_form(form, Language::english).request;
    CHECK(request.incoming->protocol == Protocol::pop3);
    CHECK(request.incoming->port.number() == 995);
    CHECK(request.outgoing->security == Security::tls);
    form.incoming = {.host = "mail.example.org", .port = "110"};
    form.outgoing = {.host = "smtp.example.org", .port = "587", .security = SecurityChoice::none};
    request = read_form(form, Language::english).request;
    CHECK(request.incoming->protocol == Protocol::pop3);
    CHECK(request.incoming->security == Security::starttls);
    CHECK(request.outgoing->security == Security::none);
}

TEST_CASE("user names take the form that was chosen", "[gui][form]") {
    CheckForm form;
    form.email = "anna@example.org";
    form.incoming = {.host = "imap.example.org", .user = UserChoice::before_at};
    form.outgoing = {.host = "smtp.example.org", .user = UserChoice::own, .user_name = "customer-17"};
    const Request request = read_form(form, Language::english).request;
    CHECK(request.incoming->username == "anna");
    CHECK(request.outgoing->username == "customer-17");
}

TEST_CASE("a password is taken once and its field is wiped", "[gui][form]") {
    CheckForm form;
    form.email = "anna@example.org";
    const Request request = read_form(form, Language::english).request;
    CHECK_FALSE(take_credentials(form, request).given());
    type(form.password, "correct horse");
    const auto credentials = take_credentials(form, request);
    REQUIRE(credentials.account);
    CHECK(credentials.account->password->reveal() == "correct horse");
    CHECK(form.password.empty());
    CHECK(std::all_of(form.password.data(), form.password.data() + form.password.size(),
                      [](char c) { return c == 0; }));
}
