#include "core/mail/session.h"

#include <algorithm>
#include <utility>

#include "core/model/text.h"
#include "core/protocol/service.h"

namespace maildoctor::mail {
namespace {

constexpr std::size_t read_size = 4096;
constexpr std::size_t first_line_limit = 4096;
constexpr std::size_t most_injected = 4096;
constexpr std::size_t most_untagged = 64;    // kept of one command
constexpr std::size_t most_responses = 512;  // read for one command
constexpr std::string_view hidden_word = "[hidden]";
constexpr std::size_t most_shown = 1000;  // octets of a refusal

/// The failure of a read or write, told from the step's point of view.
Failure at_stage(Failure failure, Stage stage, Deadline whole) {
    failure.stage = stage;
    if (failure.kind == FailureKind::timed_out && whole.passed()) {
        failure.kind = FailureKind::out_of_time;
        failure.text = "the time limit ran out";
    }
    return failure;
}

std::string_view word_of(protocol::ImapResponse::Condition condition) {
    using enum protocol::ImapResponse::Condition;
    switch (condition) {
        case ok:
            return "OK ";
        case no:
            return "NO ";
        case bad:
            return "BAD ";
        case bye:
            return "BYE ";
        case preauth:
            return "PREAUTH ";
        case none:
            break;
    }
    return "";
}

}  // namespace

std::string shown(const protocol::ImapResponse& response) {
    std::string out(word_of(response.condition));
    if (!response.code.empty())
        out += "[" + response.code + (response.code_text.empty() ? "" : " ") + response.code_text + "] ";
    out += response.text;
    return cleaned(trimmed(out), most_shown);
}

std::string shown(const protocol::Pop3Status& status) {
    const std::string_view word = status.kind == protocol::Pop3Status::Kind::ok ? "+OK " : "-ERR ";
    return cleaned(trimmed(std::string(word) + status.text), most_shown);
}

Session::Session(Protocol protocol, net::StreamPtr stream, DialogLimits limits)
    : protocol_(protocol),
      stream_(std::move(stream)),
      limits_(limits),
      began_(Clock::now()),
      transcript_(began_) {}

void Session::close() noexcept {
    if (stream_) stream_->close();
    stream_.reset();
}

Failure Session::refused(Stage stage, std::string_view words, int code) {
    facts.refusal = cleaned(without_secrets(words), most_shown);
    facts.refusal_code = code;
    return Failure{.stage = stage, .kind = FailureKind::rejected, .native_code = code, .text = facts.refusal};
}

std::string Session::without_secrets(std::string_view text) const {
    std::string out(text);
    for (const auto& secret : hidden_) {
        const std::string_view word = secret->reveal();
        if (word.empty()) continue;
        for (auto at = out.find(word); at != std::string::npos; at = out.find(word, at + hidden_word.size()))
            out.replace(at, word.size(), hidden_word);
    }
    return out;
}

void Session::record_server(std::string_view octets) {
    if (hide_challenges_ && (octets.starts_with("334") || octets.starts_with("+ "))) {
        transcript_.server(std::string(octets.substr(0, octets.find(' '))) + " [challenge]");
    } else if (hidden_.empty()) {
        transcript_.server(octets);
    } else {
        transcript_.server(without_secrets(octets));
    }
}

Task<Result<void>> Session::read_more(Stage stage, Deadline step, Deadline whole) {
    if (!stream_) co_return failed(stage, FailureKind::peer_closed, "connection closed");
    auto bytes = co_await stream_->read_some(read_size, step);
    if (!bytes) co_return std::unexpected(at_stage(std::move(bytes).error(), stage, whole));
    if (bytes->empty()) co_return failed(stage, FailureKind::peer_closed, "connection closed by the server");
    pending_ += *bytes;
    co_return Result<void>{};
}

template <class T>
Task<Result<T>> Session::take(Parser<T> parser, Stage stage, Deadline step, Deadline whole) {
    for (;;) {
        std::string_view rest = pending_;  // NOLINT(misc-const-correctness): the parser takes from it
        auto parsed = parser(rest);
        if (!parsed) {
            record_server(pending_);
            Failure failure = std::move(parsed).error();
            failure.stage = stage;
            failure.text = cleaned(without_secrets(failure.text), most_shown);
            pending_.clear();
            co_return std::unexpected(std::move(failure));
        }
        if (*parsed) {
            const std::size_t used = pending_.size() - rest.size();
            record_server(std::string_view(pending_).substr(0, used));
            pending_.erase(0, used);
            co_return std::move(**parsed);
        }
        auto more = co_await read_more(stage, step, whole);
        if (!more) {
            record_server(pending_);  // what came of an answer that never got whole
            pending_.clear();
            transcript_.note(more.error().text);
            co_return std::unexpected(std::move(more).error());
        }
    }
}

Task<Result<void>> Session::write(std::string bytes, Stage stage, Deadline deadline) {
    if (!stream_) co_return failed(stage, FailureKind::peer_closed, "connection closed");
    const Deadline step = deadline.within(limits_.reply);
    auto written = co_await stream_->write(std::move(bytes), step);
    if (!written) {
        transcript_.note(written.error().text);
        co_return std::unexpected(at_stage(std::move(written).error(), stage, deadline));
    }
    co_return Result<void>{};
}

Task<Result<void>> Session::send(std::string line, Stage stage, Deadline deadline) {
    transcript_.client(line);
    line += "\r\n";
    co_return co_await write(std::move(line), stage, deadline);
}

Task<Result<void>> Session::send_secret(std::shared_ptr<const Secret> line, std::string shown, Stage stage,
                                        Deadline deadline) {
    transcript_.client(shown);
    std::string bytes;
    bytes.reserve(line->reveal().size() + 2);
    bytes.append(line->reveal()).append("\r\n");
    co_return co_await write(std::move(bytes), stage, deadline);
}

Task<Result<protocol::SmtpReply>> Session::smtp_reply(Stage stage, Deadline deadline) {
    co_return co_await take<protocol::SmtpReply>(&protocol::take_smtp_reply, stage,
                                                 deadline.within(limits_.reply), deadline);
}

Task<Result<protocol::Pop3Status>> Session::pop3_status(Stage stage, Deadline deadline) {
    co_return co_await take<protocol::Pop3Status>(&protocol::take_pop3_status, stage,
                                                  deadline.within(limits_.reply), deadline);
}

Task<Result<std::vector<std::string>>> Session::pop3_body(Stage stage, Deadline deadline) {
    co_return co_await take<std::vector<std::string>>(&protocol::take_pop3_body, stage,
                                                      deadline.within(limits_.reply), deadline);
}

Task<Result<protocol::ImapResponse>> Session::imap_response(Stage stage, Deadline deadline) {
    co_return co_await take<protocol::ImapResponse>(&protocol::take_imap_response, stage,
                                                    deadline.within(limits_.reply), deadline);
}

Task<Result<protocol::SmtpReply>> Session::smtp_command(std::string line, Stage stage, Deadline deadline) {
    auto sent = co_await send(std::move(line), stage, deadline);
    if (!sent) co_return std::unexpected(std::move(sent).error());
    co_return co_await smtp_reply(stage, deadline);
}

Task<Result<protocol::Pop3Status>> Session::pop3_command(std::string line, Stage stage, Deadline deadline) {
    auto sent = co_await send(std::move(line), stage, deadline);
    if (!sent) co_return std::unexpected(std::move(sent).error());
    co_return co_await pop3_status(stage, deadline);
}

std::string Session::next_tag() {
    return "a" + std::to_string(++last_tag_);
}

Task<Result<ImapAnswer>> Session::imap_command(std::string command, Stage stage, Deadline deadline) {
    std::string tag = next_tag();
    auto sent = co_await send(tag + " " + command, stage, deadline);
    if (!sent) co_return std::unexpected(std::move(sent).error());
    co_return co_await imap_answer(std::move(tag), stage, deadline);
}

Task<Result<ImapAnswer>> Session::imap_answer(std::string tag, Stage stage, Deadline deadline) {
    using Kind = protocol::ImapResponse::Kind;
    ImapAnswer answer;
    std::optional<std::string> bye;
    const Deadline step =
        deadline.within(limits_.reply);  // for the whole answer: chatter does not prolong it
    for (std::size_t i = 0; i < most_responses; ++i) {
        auto response =
            co_await take<protocol::ImapResponse>(&protocol::take_imap_response, stage, step, deadline);
        if (!response) {
            if (bye) co_return std::unexpected(refused(stage, *bye));
            co_return std::unexpected(std::move(response).error());
        }
        if (response->kind == Kind::tagged && response->tag == tag) {
            answer.tagged = std::move(*response);
            co_return answer;
        }
        if (response->condition == protocol::ImapResponse::Condition::bye) bye = shown(*response);
        if (answer.untagged.size() < most_untagged) answer.untagged.push_back(std::move(*response));
    }
    co_return failed(stage, FailureKind::too_large, "more than 512 responses to one command");
}

Task<Result<void>> Session::first_octets(std::function<void()> on_silence, Deadline deadline) {
    const Deadline step = deadline.within(limits_.greeting);
    bool told = !on_silence;
    while (!pending_.contains('\n') && !protocol::is_tls_record(pending_)) {
        if (pending_.size() >= first_line_limit) {
            record_server(pending_);
            co_return failed(Stage::greeting, FailureKind::too_large,
                             "a first line of more than 4096 octets");
        }
        const Deadline patience = told ? step : step.within(limits_.silence);
        auto more = co_await read_more(Stage::greeting, patience, deadline);
        if (more) continue;
        const bool only_silent = more.error().kind == FailureKind::timed_out && !told && !step.passed();
        if (only_silent && pending_.empty()) on_silence();
        told = true;
        if (only_silent) continue;
        record_server(pending_);
        transcript_.note(more.error().text);
        co_return std::unexpected(std::move(more).error());
    }
    co_return Result<void>{};
}

Task<std::string> Session::answer_to_quit(Deadline deadline) {
    const Deadline step = deadline.within(std::chrono::seconds{1});
    auto sent = co_await send("QUIT", Stage::greeting, step);
    if (sent) {
        auto more = co_await read_more(Stage::greeting, step, deadline);
        (void)more;  // an end of the stream is an answer, too: an empty one
    }
    co_return std::exchange(pending_, {});
}

Task<std::string> Session::drain() {
    const Deadline now =
        Deadline::after(std::chrono::milliseconds{0});  // takes what lies there, waits for nothing
    while (stream_ && pending_.size() < most_injected) {
        const auto bytes = co_await stream_->read_some(read_size, now);
        if (!bytes || bytes->empty()) break;
        pending_ += *bytes;
    }
    co_return std::exchange(pending_, {});
}

Task<Result<void>> Session::upgrade(net::Upgrade upgrade, Deadline deadline) {
    if (!upgrade) co_return failed(Stage::tls_handshake, FailureKind::not_possible, "no TLS here");
    const Deadline step = deadline.within(limits_.handshake);
    const net::StreamPtr plain = std::exchange(stream_, nullptr);
    auto upgraded = co_await upgrade(plain, step);
    tls = std::move(upgraded.facts);
    bindings = std::move(upgraded.bindings);
    stream_ = std::move(upgraded.stream);
    if (!stream_) {
        plain->close();
        Failure failure = upgraded.failure.value_or(
            Failure{.stage = Stage::tls_handshake, .kind = FailureKind::tls_error, .text = tls->error});
        transcript_.note("TLS handshake failed: " + failure.text);
        co_return std::unexpected(at_stage(std::move(failure), Stage::tls_handshake, deadline));
    }
    encrypted_ = true;
    transcript_.note(tls->version + " " + tls->cipher +
                     (tls->verified ? ", certificate verified" : ", certificate not verified"));
    co_return Result<void>{};
}

Task<void> Session::goodbye(std::chrono::milliseconds wait, Deadline deadline) {
    if (!stream_) co_return;
    std::string word = protocol_ == Protocol::imap ? next_tag() + " LOGOUT" : std::string("QUIT");
    const Deadline step = deadline.within(std::max(wait, std::chrono::milliseconds{200}));
    const auto sent = co_await send(std::move(word), Stage::command, step);
    if (sent && wait.count() > 0) {
        if (protocol_ == Protocol::smtp)
            (void)co_await take<protocol::SmtpReply>(&protocol::take_smtp_reply, Stage::command, step, step);
        if (protocol_ == Protocol::pop3)
            (void)co_await take<protocol::Pop3Status>(&protocol::take_pop3_status, Stage::command, step,
                                                      step);
        if (protocol_ == Protocol::imap)
            (void)co_await imap_answer("a" + std::to_string(last_tag_), Stage::command, step);
    }
    close();
}

}  // namespace maildoctor::mail
