#include "tests/tls/paper_server.h"

#include <algorithm>
#include <optional>
#include <stdexcept>
#include <utility>

#include "core/tls/cipher_suites.h"

namespace maildoctor::testing {
namespace {

using Numbers = std::vector<std::uint16_t>;

class Taker {
public:
    explicit Taker(std::string_view octets) : left_(octets) {}
    unsigned number(int octets) {
        unsigned value = 0;
        for (const char c : raw(static_cast<std::size_t>(octets)))
            value = (value << 8U) | static_cast<unsigned char>(c);
        return value;
    }
    std::string_view raw(std::size_t size) {
        if (size > left_.size()) throw std::out_of_range("cut off");
        const std::string_view taken = left_.substr(0, size);
        left_.remove_prefix(size);
        return taken;
    }
    Taker sized(int octets) { return Taker(raw(number(octets))); }
    Numbers numbers() {
        Numbers all;
        while (!left_.empty())
            all.push_back(static_cast<std::uint16_t>(number(2)));
        return all;
    }
    bool empty() const { return left_.empty(); }
    void end() const {
        if (!left_.empty()) throw std::out_of_range("octets are left");
    }

private:
    std::string_view left_;
};

std::string number(std::uint64_t value, int octets) {
    std::string text;
    for (int i = octets - 1; i >= 0; --i)
        text += static_cast<char>((value >> (8U * static_cast<unsigned>(i))) & 0xffU);
    return text;
}

std::string sized(const std::string& octets, int length) {
    return number(static_cast<unsigned>(octets.size()), length) + octets;
}

std::string record(unsigned type, const std::string& content) {
    return number(type, 1) + number(0x0303, 2) + sized(content, 2);
}

std::string alert(unsigned description) {
    return record(21, number(2, 1) + number(description, 1));
}

std::string message(unsigned type, const std::string& body) {
    return number(type, 1) + sized(body, 3);
}

bool has(const Numbers& list, std::uint16_t value) {
    return std::ranges::find(list, value) != list.end();
}

std::optional<std::uint16_t> choice(const Numbers& ours, const Numbers& theirs, bool own_order) {
    for (const std::uint16_t one : own_order ? ours : theirs)
        if (has(own_order ? theirs : ours, one)) return one;
    return std::nullopt;
}

/// A ServerHello without its header.
std::string hello_body(unsigned version, const std::string& random, unsigned cipher, unsigned compression,
                       const std::string& extensions) {
    std::string body = number(version, 2) + random + sized(std::string(4, 's'), 1) + number(cipher, 2) +
                       number(compression, 1);
    if (!extensions.empty()) body += sized(extensions, 2);
    return body;
}

std::string extension(unsigned type, const std::string& content) {
    return number(type, 2) + sized(content, 2);
}

std::string answer_1_3(const PaperServer& server, const PaperHello& hello) {
    Numbers ours;
    for (const std::uint16_t cipher : server.ciphers)
        if ((cipher >> 8U) == 0x13) ours.push_back(cipher);
    const auto cipher = choice(ours, hello.ciphers, server.own_order);
    const auto group = choice(server.groups, hello.groups, true);
    if (!cipher || !group || (server.needs_key_share && !hello.has_key_share)) return alert(40);
    static const std::string retry =
        "\xcf\x21\xad\x74\xe5\x9a\x61\x11\xbe\x1d\x8c\x02\x1e\x65\xb8\x91\xc2\xa2\x11\x16\x7a\xbb\x8c\x5e\x07"
        "\x9e"
        "\x09\xe2\xc8\xa8\x33\x9c";
    return record(
        22, message(2, hello_body(0x0303, retry, *cipher, 0,
                                  extension(43, number(0x0304, 2)) + extension(51, number(*group, 2)))));
}

std::string key_exchange(const PaperServer& server, const PaperHello& hello, std::uint16_t cipher) {
    const std::string signature = sized(std::string(64, 'x'), 2);
    if (tls::uses_dhe(cipher)) {
        const std::string prime(static_cast<std::size_t>(server.dh_octets), '\xff');
        return message(12, sized(prime, 2) + sized("\x02", 2) + sized(prime, 2) + signature);
    }
    if (!tls::uses_ecdhe(cipher)) return {};
    const auto group = choice(server.groups, hello.groups, true);
    return message(12, number(3, 1) + number(*group, 2) + sized(std::string(32, 'p'), 1) + signature);
}

std::string answer_old(const PaperServer& server, const PaperHello& hello) {
    std::uint16_t version = 0;
    for (const std::uint16_t one : server.versions)
        if (one <= hello.legacy_version && one >= 0x0300 && one < 0x0304) version = std::max(version, one);
    if (version == 0) return alert(70);
    const std::uint16_t best = *std::ranges::max_element(server.versions);
    if (server.fallback_scsv && has(hello.ciphers, 0x5600) && best > version) return alert(86);
    Numbers ours;
    for (const std::uint16_t cipher : server.ciphers) {
        const bool needs_group = tls::uses_ecdhe(cipher) && !choice(server.groups, hello.groups, true);
        if ((cipher >> 8U) != 0x13 && !needs_group) ours.push_back(cipher);
    }
    const auto cipher = choice(ours, hello.ciphers, server.own_order);
    if (!cipher) return alert(40);
    const bool squeeze =
        server.deflate && std::ranges::find(hello.compressions, 1) != hello.compressions.end();
    std::string extensions;
    if (server.renegotiation_info && version > 0x0300) extensions += extension(0xff01, std::string(1, '\0'));
    if (server.extended_master_secret && has(hello.extensions, 23)) extensions += extension(23, {});
    return record(22, message(2, hello_body(version, std::string(32, 'r'), *cipher, squeeze ? 1 : 0,
                                            extensions))) +
           record(22, message(11, sized(std::string(900, 'c'), 3)) + key_exchange(server, hello, *cipher) +
                          message(14, {}));
}

class PaperEnd final : public net::Stream {
public:
    explicit PaperEnd(PaperServer server) : server_(std::move(server)) {}
    Task<Result<std::string>> read_some(std::size_t limit, Deadline) override {
        std::string bytes = unread_.substr(0, std::min(limit, server_.chunk));
        unread_.erase(0, bytes.size());
        co_return bytes;
    }
    Task<Result<void>> write(std::string bytes, Deadline) override {
        unread_ = paper_answer(server_, bytes);
        co_return Result<void>{};
    }
    void close() noexcept override {}

private:
    PaperServer server_;
    std::string unread_;
};

}  // namespace

PaperHello read_paper_hello(std::string_view octets) {
    Taker all(octets);
    if (all.number(1) != 22) throw std::out_of_range("no handshake record");
    all.number(2);
    Taker content = all.sized(2);
    all.end();
    if (content.number(1) != 1) throw std::out_of_range("no ClientHello");
    Taker body = content.sized(3);
    content.end();
    PaperHello hello{.legacy_version = static_cast<std::uint16_t>(body.number(2))};
    body.raw(32);
    body.sized(1);
    hello.ciphers = body.sized(2).numbers();
    Taker compressions = body.sized(1);
    while (!compressions.empty())
        hello.compressions.push_back(static_cast<std::uint8_t>(compressions.number(1)));
    if (body.empty()) return hello;
    Taker extensions = body.sized(2);
    body.end();
    while (!extensions.empty()) {
        const auto type = static_cast<std::uint16_t>(extensions.number(2));
        Taker value = extensions.sized(2);
        hello.extensions.push_back(type);
        if (type == 10) hello.groups = value.sized(2).numbers();
        if (type == 43) hello.versions = value.sized(1).numbers();
        if (type == 51) hello.has_key_share = !value.sized(2).empty();
        if (type != 0) continue;
        Taker name = value.sized(2);
        name.number(1);
        hello.server_name = std::string(name.raw(name.number(2)));
    }
    return hello;
}

std::string paper_answer(const PaperServer& server, std::string_view octets) {
    if (!octets.empty() && (static_cast<unsigned char>(octets.front()) & 0x80U) != 0) {
        if (!has(server.versions, 0x0002)) return {};
        const std::string body = number(4, 1) + number(0, 1) + number(1, 1) + number(2, 2) + number(0, 6);
        return number(0x8000U | static_cast<unsigned>(body.size()), 2) + body;
    }
    const PaperHello hello = read_paper_hello(octets);
    if (server.silent_about_long_lists && hello.ciphers.size() > 64) return {};
    if (has(hello.versions, 0x0304) && has(server.versions, 0x0304)) return answer_1_3(server, hello);
    if (!hello.versions.empty() && !has(hello.versions, 0x0303)) return alert(70);
    return answer_old(server, hello);
}

net::StreamPtr connect_to_paper(const PaperServer& server) {
    return std::make_shared<PaperEnd>(server);
}

}  // namespace maildoctor::testing
