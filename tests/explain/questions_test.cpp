// What people ask in their own words, most of it without a code.
#include <catch2/catch.hpp>

#include "core/explain/explain.h"

using namespace maildoctor;

namespace {

struct Question {
    const char* text;
    Cause cause;
};

}  // namespace

TEST_CASE("questions: people's own words get a useful answer", "[explain]") {
    const Question q = GENERATE(
        Question{"POP mail got switched on somehow on my PC and I don't want it. Mail from MSN is not sent "
                 "unless I change my from address in the list. How do I stop that account?",
                 Cause::smtp_sender_not_owned},
        Question{
            "On my Mac Entourage shows a -3260 error for my Yahoo account, connection error has occurred",
            Cause::net_refused},
        Question{"Port 110 error: The host 'mail.example-login.com' could not be found. Account: "
                 "'mail.example-login.com', Server: 'mail.example-login.com', Protocol: POP3, Port: 110, "
                 "Secure(SSL): No, Socket Error: 11004, Error Number: 0x800CCC0D",
                 Cause::dns_host_not_found},
        Question{"One of the recipients was rejected by the server. Server Response: '501 Bad address "
                 "syntax', Port: 25, Secure(SSL): No, Server Error: 501, Error Number: 0x800CCC79",
                 Cause::smtp_bad_address},
        Question{"When I want to send an e-mail a message asks whether I use POP, POP3 or HTML and nothing "
                 "gets sent. I don't know which.",
                 Cause::client_misconfigured},
        Question{"Where would I look to find the POP3 address for Windows Live Mail?",
                 Cause::client_misconfigured},
        Question{"Every time I send in Outlook Express it says either the server name or email address is "
                 "not correct, or server not found",
                 Cause::dns_host_not_found},
        Question{"Nothing is getting sent. I recently changed service provider from Comcast to Verizon. What "
                 "do I enter in Outlook Express?",
                 Cause::client_settings_outdated},
        Question{"I can send messages but my pictures won't go out. I get error no. 0x800ccc0D",
                 Cause::dns_host_not_found},
        Question{"I can receive but not send", Cause::client_misconfigured},
        Question{"My pictures won't go out", Cause::smtp_message_too_large},
        Question{"Thunderbird keeps asking for the password", Cause::auth_bad_credentials},
        Question{"My mail is fine on another computer but not on this one, there it gives an error",
                 Cause::client_misconfigured});
    INFO(q.text);
    const Clues clues = explain::explain(q.text);
    REQUIRE_FALSE(clues.causes.empty());
    CHECK(std::string(cause_id(clues.causes.front().cause)) == std::string(cause_id(q.cause)));
}
