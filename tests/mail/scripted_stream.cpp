#include "tests/mail/scripted_stream.h"

#include <algorithm>
#include <charconv>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <utility>

namespace maildoctor::testing {
namespace {

std::string unescaped(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '\\' || i + 1 == text.size()) {
            out += text[i];
            continue;
        }
        ++i;
        if (text[i] == 'r')
            out += '\r';
        else if (text[i] == 'n')
            out += '\n';
        else if (text[i] == 'x' && i + 2 < text.size()) {
            unsigned value = 0;
            std::from_chars(text.data() + i + 1, text.data() + i + 3, value, 16);
            out += static_cast<char>(value);
            i += 2;
        } else
            out += text[i];
    }
    return out;
}

}  // namespace

ScriptedStream::ScriptedStream(std::string_view script, std::size_t chunk) : chunk_(chunk) {
    while (!script.empty()) {
        const auto end = std::min(script.find('\n'), script.size());
        const std::string_view line = script.substr(0, end);
        script.remove_prefix(std::min(end + 1, script.size()));
        if (line.empty() || line.front() == '#') continue;
        const std::string_view head = line.substr(0, 2);
        if (head != "S:" && head != "C:" && head != "T:" && head != "S*" && head != "S!")
            throw std::invalid_argument("not a step: " + std::string(line));
        steps_.push_back({.who = line[0],
                          .how = line[1],
                          .text = std::string(line.substr(std::min<std::size_t>(3, line.size())))});
    }
}

std::shared_ptr<ScriptedStream> ScriptedStream::from_file(const std::string& name, std::size_t chunk) {
    std::ifstream in(std::string(MAILDOCTOR_SOURCE_DIR "/tests/mail/transcripts/") + name);
    if (!in) throw std::invalid_argument("no such transcript: " + name);
    const std::string script{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
    return std::make_shared<ScriptedStream>(script, chunk);
}

Task<Result<std::string>> ScriptedStream::read_some(std::size_t limit, Deadline) {
    if (closed_) co_return failed(Stage::command, FailureKind::peer_closed, "closed here");
    while (!steps_.empty() && steps_.front().who == 'S' && steps_.front().how != '!') {
        const Step& step = steps_.front();
        if (step.how == ':') lines_.push_back("S: " + step.text);
        unread_ += step.how == '*' ? unescaped(step.text) : step.text + "\r\n";
        steps_.pop_front();
    }
    if (!unread_.empty()) {
        const std::size_t size = std::min({limit, chunk_, unread_.size()});
        std::string bytes = unread_.substr(0, size);
        unread_.erase(0, size);
        co_return bytes;
    }
    if (!steps_.empty() && steps_.front().how == '!') {
        const bool orderly = steps_.front().text == "closes";
        steps_.pop_front();
        if (orderly) co_return std::string{};
        co_return failed(Stage::command, FailureKind::reset, "connection reset");
    }
    co_return failed(Stage::command, FailureKind::timed_out, "no answer within the time limit");
}

void ScriptedStream::take_client_line(const std::string& line) {
    lines_.push_back("C: " + line);
    if (steps_.empty() || steps_.front().who != 'C') {
        surprises_.push_back("not expected: " + line);
        return;
    }
    if (steps_.front().text != line)
        surprises_.push_back("expected: " + steps_.front().text + " | got: " + line);
    steps_.pop_front();
}

Task<Result<void>> ScriptedStream::write(std::string bytes, Deadline) {
    if (closed_) co_return failed(Stage::command, FailureKind::peer_closed, "closed here");
    if (!steps_.empty() && steps_.front().how == '!' && steps_.front().text == "resets") {
        steps_.pop_front();
        co_return failed(Stage::command, FailureKind::reset, "connection reset");
    }
    sent_ += bytes;
    partial_ += bytes;
    for (auto end = partial_.find("\r\n"); end != std::string::npos; end = partial_.find("\r\n")) {
        take_client_line(partial_.substr(0, end));
        partial_.erase(0, end + 2);
    }
    co_return Result<void>{};
}

net::UpgradeResult ScriptedStream::handshake() {
    net::UpgradeResult result;
    if (steps_.empty() || steps_.front().who != 'T') {
        surprises_.emplace_back("handshake not expected");
        result.failure =
            Failure{.stage = Stage::tls_handshake, .kind = FailureKind::tls_error, .text = "not expected"};
        return result;
    }
    std::string text = steps_.front().text;
    steps_.pop_front();
    if (text.starts_with("fails ")) text.erase(0, 6);
    if (text == "verified" || text == "unverified") {
        result.facts.completed = true;
        result.facts.version = "TLSv1.3";
        result.facts.cipher = "TLS_AES_128_GCM_SHA256";
        result.facts.verified = text == "verified";
        return result;
    }
    if (text.starts_with("text ")) {
        result.facts.text_answer = true;
        result.facts.peer_text = text.substr(5);
        result.failure = Failure{
            .stage = Stage::tls_handshake, .kind = FailureKind::bad_syntax, .text = result.facts.peer_text};
        return result;
    }
    result.facts.error = text;
    result.failure = Failure{.stage = Stage::tls_handshake, .kind = FailureKind::tls_error, .text = text};
    return result;
}

net::Upgrade ScriptedStream::upgrade() {
    struct Run {
        static Task<net::UpgradeResult> handshake(net::StreamPtr plain) {
            auto& script = dynamic_cast<ScriptedStream&>(*plain);
            net::UpgradeResult result = script.handshake();
            if (!result.failure) result.stream = plain;
            co_return result;
        }
    };
    return [](net::StreamPtr plain, Deadline) { return Run::handshake(std::move(plain)); };
}

}  // namespace maildoctor::testing
