#include "core/http/response.h"

#include <Poco/Exception.h>
#include <Poco/Net/MessageHeader.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <sstream>

#include "core/model/text.h"

namespace maildoctor::http {
namespace {

constexpr std::size_t max_text = 200;
constexpr std::size_t max_line = 4096;  // of a chunk's size or a trailer

auto bad(std::string text) {
    return failed(Stage::http, FailureKind::bad_syntax, cleaned(text, max_text));
}
auto too_large(const char* text) {
    return failed(Stage::http, FailureKind::too_large, text);
}

template <int Base>
std::optional<std::size_t> number_in(std::string_view digits) {
    std::size_t value = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value, Base);
    if (error != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
    return value;
}

struct StatusLine {
    int status{};
    std::string_view reason{};
};

/// Reads "HTTP/1.1 200 OK" (RFC 9112 section 4; the reason may be missing). Poco's reader keeps the number in
/// an enum that cannot hold every status, so the line is read here.
/// @return nothing where the line has another form or the status is not between 100 and 599
std::optional<StatusLine> read_status_line(std::string_view line) {
    const std::size_t space = line.find(' ');
    if (space == std::string_view::npos) return std::nullopt;
    line.remove_prefix(std::min(line.find_first_not_of(' ', space), line.size()));
    const std::string_view digits = line.substr(0, line.find(' '));
    const auto status = number_in<10>(digits);
    if (digits.size() != 3 || !status || *status < 100 || *status > 599) return std::nullopt;
    return StatusLine{static_cast<int>(*status), trimmed(line.substr(digits.size()))};
}

}  // namespace

Result<bool> ResponseReader::feed(std::string_view bytes) {
    pending_.append(bytes);
    while (true) {
        const auto went_on = state_ == State::head ? read_head() : read_body();
        if (!went_on) return std::unexpected(went_on.error());
        if (state_ == State::done) return true;
        if (!*went_on) return false;
    }
}

Result<void> ResponseReader::end() const {
    if (state_ == State::done || state_ == State::until_close) return {};
    return failed(Stage::http, FailureKind::peer_closed, "the response was cut off");
}

/// @return whether the head was complete
Result<bool> ResponseReader::read_head() {
    constexpr std::string_view begin = "HTTP/1.";
    const std::string_view seen(pending_);
    if (!begin.starts_with(seen.substr(0, begin.size())))
        return bad("not an HTTP response: " + pending_.substr(0, 40));
    std::size_t end = seen.find("\r\n\r\n");
    std::size_t gap = 4;
    if (const std::size_t bare = seen.find("\n\n"); bare < end) {
        end = bare;
        gap = 2;
    }
    if (end == std::string_view::npos) {
        if (pending_.size() > max_head) return too_large("the head of the response is too long");
        return false;
    }
    if (end > max_head) return too_large("the head of the response is too long");
    const std::size_t first_end = pending_.find('\n');
    const auto status_line = read_status_line(trimmed(seen.substr(0, first_end)));
    if (!status_line)
        return bad("not an HTTP status: " + pending_.substr(0, std::min<std::size_t>(first_end, 40)));
    const int status = status_line->status;
    response_.reason = cleaned(status_line->reason, max_text);
    Poco::Net::MessageHeader head;
    try {
        std::istringstream in(pending_.substr(first_end + 1, end + gap - first_end - 1));
        head.read(in);
    } catch (const Poco::Exception& error) {
        return bad("the head of the response cannot be read: " + error.displayText());
    }
    pending_.erase(0, end + gap);
    if (status < 200 && status != 101) return true;  // interim: the next head follows
    response_.status = status;
    response_.location = head.get("Location", "");
    response_.content_type = cleaned(head.get("Content-Type", ""), max_text);
    response_.content_encoding = cleaned(head.get("Content-Encoding", ""), max_text);
    response_.date = cleaned(head.get("Date", ""), max_text);
    if (status == 204 || status == 304) {
        state_ = State::done;
    } else if (head.has("Transfer-Encoding")) {  // counts instead of a length (RFC 9112 section 6.3)
        if (!same_word(trimmed(head.get("Transfer-Encoding")), "chunked"))
            return bad("transfer coding " + head.get("Transfer-Encoding"));
        state_ = State::chunk_size;
    } else if (head.has("Content-Length")) {
        const auto length = number_in<10>(trimmed(head.get("Content-Length")));
        if (!length) return bad("the length is " + head.get("Content-Length"));
        if (*length > max_body) return too_large("the body is larger than 1 MiB");
        left_ = *length;
        state_ = left_ == 0 ? State::done : State::length;
    } else {
        state_ = State::until_close;
    }
    return true;
}

/// @return whether there may be more to do with what is pending
Result<bool> ResponseReader::read_body() {
    std::string line;
    switch (state_) {
        case State::chunk_size:
        case State::chunk_end:
        case State::trailers: {
            const auto whole = take_line(line);
            if (!whole || !*whole) return whole;
            return begin_chunk(line);
        }
        case State::until_close:
            left_ = max_body + 1;
            [[fallthrough]];
        default:
            return take_octets();
    }
}

Result<bool> ResponseReader::take_line(std::string& line) {
    const std::size_t end = pending_.find('\n');
    if (end == std::string::npos) {
        if (pending_.size() > max_line) return too_large("a line is too long");
        return false;
    }
    if (end > max_line) return too_large("a line is too long");
    line = pending_.substr(0, end);
    pending_.erase(0, end + 1);
    if (line.ends_with('\r')) line.pop_back();
    return true;
}

Result<bool> ResponseReader::begin_chunk(const std::string& line) {
    if (state_ == State::chunk_end) {
        if (!line.empty()) return bad("a chunk is longer than its size");
        state_ = State::chunk_size;
        return true;
    }
    if (state_ == State::trailers) {
        trailer_octets_ += line.size() + 1;
        if (trailer_octets_ > max_head) return too_large("the trailers are too long");
        if (line.empty()) state_ = State::done;
        return true;
    }
    const auto size = number_in<16>(trimmed(std::string_view(line).substr(0, line.find(';'))));
    if (!size) return bad("the size of a chunk is '" + line + "'");
    if (*size > max_body - response_.body.size()) return too_large("the body is larger than 1 MiB");
    left_ = *size;
    state_ = left_ == 0 ? State::trailers : State::chunk_data;
    return true;
}

Result<bool> ResponseReader::take_octets() {
    const std::size_t size = std::min(left_, pending_.size());
    if (response_.body.size() + size > max_body) return too_large("the body is larger than 1 MiB");
    response_.body.append(pending_, 0, size);
    pending_.erase(0, size);
    left_ -= size;
    if (left_ > 0) return false;
    state_ = state_ == State::chunk_data ? State::chunk_end : State::done;
    return true;
}

}  // namespace maildoctor::http
