#include "cli/credentials.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <memory>
#include <optional>
#include <utility>

#include "cli/command.h"
#include "core/platform/process.h"
#include "core/platform/secrets.h"

namespace maildoctor::cli {
namespace {

using SecretPtr = std::shared_ptr<const Secret>;

constexpr std::array<std::string_view, 12> mechanisms = {"PLAIN",
                                                         "LOGIN",
                                                         "SCRAM-SHA-256",
                                                         "SCRAM-SHA-1",
                                                         "SCRAM-SHA-256-PLUS",
                                                         "SCRAM-SHA-1-PLUS",
                                                         "CRAM-MD5",
                                                         "DIGEST-MD5",
                                                         "APOP",
                                                         "PASSWORD",
                                                         "XOAUTH2",
                                                         "OAUTHBEARER"};

/// What MAILDOCTOR_PASSWORD held.
SecretPtr& environment_password() {
    static SecretPtr password;
    return password;
}

[[noreturn]] void refuse(const std::string& line) {
    throw UsageError(line);
}

std::optional<int> number_in(const std::string& text) {
    int value{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return value;
}

SecretPtr from_file(const char* option, const std::string& path) {
    auto secret = platform::read_secret_file(path);
    if (!secret) refuse(std::string(option) + ": " + secret.error());
    return std::make_shared<const Secret>(std::move(*secret));
}

SecretPtr from_descriptor(const char* option, const std::string& text) {
    const auto descriptor = number_in(text);
    if (!descriptor || *descriptor < 0)
        refuse(std::string(option) + ": '" + text + "' is not the number of an open descriptor");
    auto secret = platform::read_secret_fd(*descriptor);
    if (!secret) refuse(std::string(option) + ": " + secret.error());
    return std::make_shared<const Secret>(std::move(*secret));
}

SecretPtr from_terminal(const Request& request) {
    const std::string whose = request.email ? request.email->text() : std::string("the account");
    auto secret = platform::ask_secret("Password for " + whose + " (not shown): ");
    if (!secret) refuse("--ask-password: there is no terminal to ask on, or nothing was typed");
    return std::make_shared<const Secret>(std::move(*secret));
}

void require_user_name(const char* option, const std::string& user) {
    constexpr std::size_t longest = 320;
    const bool control =
        std::ranges::any_of(user, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
    if (control || user.size() > longest)
        refuse(std::string(option) + ": a user name is one line of at most 320 octets");
}

int read_budget(const std::string& text) {
    if (text.empty()) return doctor::usual_login_budget;
    const auto budget = number_in(text);
    if (!budget || *budget < 1 || *budget > doctor::most_login_budget)
        refuse("--login-budget: '" + text + "' is not a number of refused logins from 1 to 5");
    return *budget;
}

struct Secrets {
    SecretPtr password{}, token{};
};

std::vector<std::string> read_mechanism(const CredentialArguments& typed, const Secrets& given) {
    if (typed.mechanism.empty()) return {};
    std::string name = typed.mechanism;
    std::ranges::transform(name, name.begin(),
                           [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    if (std::ranges::find(mechanisms, name) == mechanisms.end()) {
        std::string all;
        for (const std::string_view known : mechanisms)
            all += (all.empty() ? "" : ", ") + std::string(known);
        refuse("--auth: '" + typed.mechanism + "' is not one of " + all);
    }
    const bool for_tokens = name == "XOAUTH2" || name == "OAUTHBEARER";
    if ((for_tokens && !given.token) || (!for_tokens && given.token && !given.password))
        refuse(
            "--auth: " + name +
            (for_tokens ? " needs a token (--token-file or --token-fd)" : " needs a password, not a token"));
    return {name};
}

/// The secrets of the account; both null when none was offered. The environment is the last choice.
Secrets read_secrets(const CredentialArguments& typed, const Request& request) {
    const int passwords = static_cast<int>(!typed.password_file.empty()) +
                          static_cast<int>(!typed.password_fd.empty()) + static_cast<int>(typed.ask_password);
    if (passwords > 1)
        refuse("--password-file, --password-fd and --ask-password exclude each other: give one");
    const int tokens =
        static_cast<int>(!typed.token_file.empty()) + static_cast<int>(!typed.token_fd.empty());
    if (tokens > 1) refuse("--token-file and --token-fd exclude each other: give one");
    Secrets given;
    if (!typed.token_file.empty()) given.token = from_file("--token-file", typed.token_file);
    if (!typed.token_fd.empty()) given.token = from_descriptor("--token-fd", typed.token_fd);
    if (!typed.password_file.empty()) given.password = from_file("--password-file", typed.password_file);
    if (!typed.password_fd.empty()) given.password = from_descriptor("--password-fd", typed.password_fd);
    if (typed.ask_password) given.password = from_terminal(request);
    if (!given.password && !given.token) given.password = std::exchange(environment_password(), nullptr);
    return given;
}

}  // namespace

void take_password_from_environment() {
    if (auto secret = platform::take_secret_environment("MAILDOCTOR_PASSWORD");
        secret && !secret->reveal().empty())
        environment_password() = std::make_shared<const Secret>(std::move(*secret));
}

void add_credential_options(CLI::App& app, CredentialArguments& typed) {
    static constexpr const char* group = "Login";
    const auto text = [&](const char* name, std::string& value, const char* shown, const char* help) {
        app.add_option(name, value, help)->option_text(shown)->group(group);
    };
    const auto flag = [&](const char* name, bool& value, const char* help) {
        app.add_flag(name, value, help)->group(group);
    };
    text("--user", typed.user, "NAME",
         "User name for the login; else the whole address, then its local part");
    text("--password-file", typed.password_file, "FILE",
         "Log in with the password in the first line of FILE; - is standard input");
    text("--password-fd", typed.password_fd, "N", "Read the password from the open descriptor N");
    flag("--ask-password", typed.ask_password, "Ask for the password on the terminal");
    text("--token-file", typed.token_file, "FILE",
         "Log in with the OAuth access token in FILE; with a password as well, that comes second");
    text("--token-fd", typed.token_fd, "N", "Read the token from the open descriptor N");
    text("--outgoing-user", typed.outgoing_user, "NAME", "User name for sending, where it is another one");
    text("--outgoing-password-file", typed.outgoing_password_file, "FILE",
         "Password for sending, where it is another one");
    text("--auth", typed.mechanism, "METHOD", "Use this login method alone: PLAIN, LOGIN, CRAM-MD5, …");
    text("--login-budget", typed.budget, "N",
         "Stop after N refused logins, 5 at most; 2 unless given, because accounts get locked");
    flag("--login-each-side", typed.each_side,
         "Try sending also when the server for reading refused the same name and password");
    flag("--allow-insecure-login", typed.allow_insecure,
         "Send the password also without encryption or to a server with a bad certificate");
}

doctor::Credentials read_credentials(const CredentialArguments& typed, const Request& request) {
    require_user_name("--user", typed.user);
    require_user_name("--outgoing-user", typed.outgoing_user);
    doctor::Credentials credentials{.budget = read_budget(typed.budget),
                                    .each_side = typed.each_side,
                                    .allow_insecure = typed.allow_insecure};
    if (typed.password_file == "-" && typed.outgoing_password_file == "-")
        refuse("--password-file and --outgoing-password-file cannot both be standard input");
    if (typed.password_file == "-" && typed.token_file == "-")
        refuse("--password-file and --token-file cannot both be standard input");
    const Secrets given = read_secrets(typed, request);
    credentials.mechanisms = read_mechanism(typed, given);
    if (given.password || given.token)
        credentials.account = {.user = typed.user, .password = given.password, .token = given.token};
    if (!typed.outgoing_password_file.empty()) {
        credentials.outgoing = {
            .user = typed.outgoing_user.empty() ? typed.user : typed.outgoing_user,
            .password = from_file("--outgoing-password-file", typed.outgoing_password_file)};
    } else if (!typed.outgoing_user.empty()) {
        if (!credentials.account) refuse("--outgoing-user: a password is missing (--outgoing-password-file)");
        credentials.outgoing = credentials.account;
        credentials.outgoing->user = typed.outgoing_user;
    }
    if (!credentials.given()) {
        if (!typed.mechanism.empty() || typed.each_side || typed.allow_insecure || !typed.budget.empty())
            refuse(
                "options about the login need a password: --password-file, --password-fd or --ask-password");
        return credentials;
    }
    if (!request.email && typed.user.empty() && typed.outgoing_user.empty())
        refuse("a password without a user name: give the e-mail address or --user");
    platform::no_core_dump();
    return credentials;
}

}  // namespace maildoctor::cli
