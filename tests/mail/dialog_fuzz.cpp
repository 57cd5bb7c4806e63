// Whole dialogs and a login with a server that says anything: they end, and what they leave is bounded and
// clean. The first octet chooses protocol and mode; the rest is what the server says, answer by answer, split
// at 0xFF.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "core/async/loop.h"
#include "core/mail/dialog.h"
#include "core/mail/login.h"
#include "core/mail/relay.h"
#include "tests/support/parser_properties.h"

using namespace maildoctor;

namespace {

constexpr std::string_view password = "s3cret-w0rd";

/// Gives one part of the input a read, then the orderly end.
class AnyServer final : public net::Stream {
public:
    explicit AnyServer(std::string_view input) : input_(input) {}

    Task<Result<std::string>> read_some(std::size_t limit, Deadline) override {
        if (input_.empty()) co_return std::string{};
        const auto end = std::min({input_.find('\xFF'), input_.size(), limit});
        std::string part(input_.substr(0, end));
        const bool at_mark = end < input_.size() && input_[end] == '\xFF';
        input_.remove_prefix(end + (at_mark ? 1 : 0));
        if (part.empty()) co_return failed(Stage::command, FailureKind::timed_out, "no answer");
        co_return part;
    }
    Task<Result<void>> write(std::string, Deadline) override { co_return Result<void>{}; }
    void close() noexcept override {}

private:
    std::string_view input_;
};

struct Upgrade {
    static Task<net::UpgradeResult> run(net::StreamPtr plain) {
        net::UpgradeResult result{.stream = std::move(plain)};
        result.facts.completed = true;
        result.facts.verified = true;
        co_return result;
    }
};

void check_text(const std::string& text) {
    testing::require(text.size() <= 1000, "kept words are bounded");
    const auto acts = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; };
    testing::require(std::ranges::none_of(text, acts), "kept words hold no control character");
    testing::require(!text.contains(password), "kept words hold no password");
}

void check_transcript(const std::vector<TranscriptLine>& lines) {
    testing::require(lines.size() <= mail::Transcript::most_lines, "a transcript is bounded");
    for (const TranscriptLine& line : lines)
        check_text(line.text);
}

Task<void> run(std::uint8_t choice,
               std::string_view input) {  // NOLINT(cppcoreguidelines-avoid-reference-coroutine-parameters)
    const Deadline deadline = Deadline::after(std::chrono::seconds{20});
    const auto protocol = static_cast<Protocol>(choice % 3);
    mail::DialogPlan plan{.protocol = protocol,
                          .security = static_cast<Security>(choice / 3 % 3),
                          .host = *HostName::from("mail.example.test"),
                          .stop_after_capabilities = (choice & 0x80U) != 0};
    const auto server = std::make_shared<AnyServer>(input);
    auto done = co_await mail::run_dialog(
        plan, server, [](net::StreamPtr plain, Deadline) { return Upgrade::run(std::move(plain)); },
        deadline);
    testing::require(!done.session || !done.failure, "a failed dialog leaves no session");
    check_text(done.mail.greeting);
    check_text(done.mail.refusal);
    check_text(done.mail.injected);
    for (const auto& line : done.mail.capabilities_after)
        check_text(line);
    check_transcript(done.transcript);
    if (!done.session) co_return;
    mail::LoginPlan login{
        .user = "user",
        .secret = std::make_shared<const Secret>(std::string(password)),
        .host = plan.host,
        .port = *Port::from(993),
        .mechanisms = {"SCRAM-SHA-256", "DIGEST-MD5", "CRAM-MD5", "LOGIN", "PLAIN", "PASSWORD"},
        .allow_unprotected = true};
    const auto result = co_await mail::log_in(done.session, std::move(login), deadline);
    check_text(result.refusal);
    for (const auto& notice : result.notices)
        check_text(notice);
    if (protocol == Protocol::smtp && done.session->is_open()) {
        const auto relay = co_await mail::relay_test(
            done.session, {.own_domain = "example.test", .nobody = "nobody"}, deadline);
        for (const auto& attempt : relay.attempts)
            check_text(attempt.reply);
    }
    check_transcript(done.session->transcript().lines());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view input(reinterpret_cast<const char*>(data), size);
    if (input.contains(password)) return 0;  // a server cannot know it
    const std::uint8_t choice = size > 0 ? data[0] : 0;
    async::Loop loop;
    loop.run(run(choice, input.substr(std::min<std::size_t>(1, size))));
    return 0;
}
