#include "core/explain/share.h"

#include <algorithm>
#include <array>
#include <map>

#include "core/knowledge/texts.h"
#include "core/model/ascii.h"
#include "core/model/ip_address.h"

namespace maildoctor::explain {
namespace {

constexpr bool is_local(char c) noexcept {
    return is_alnum(c) || c == '.' || c == '_' || c == '-' || c == '+' || c == '%' || c == '=';
}
constexpr bool is_host(char c) noexcept {
    return is_alnum(c) || c == '.' || c == '-' || static_cast<unsigned char>(c) >= 0x80;
}

std::string lowered(std::string_view text) {
    std::string out;
    for (const char c : text)
        out += lower(c);
    return out;
}

class Anonymiser {
public:
    explicit Anonymiser(std::string_view text) : text_(text) {}

    std::string run() {
        std::size_t at = 0;
        while (at < text_.size()) {
            const std::size_t end = run_end(at);
            if (end == at) {
                out_ += text_[at++];
                continue;
            }
            token(text_.substr(at, end - at));
            at = end;
        }
        return std::move(out_);
    }

private:
    static constexpr std::size_t longest = 320;

    /// A run of characters that addresses, hosts and IPs are made of.
    std::size_t run_end(std::size_t at) const {
        std::size_t end = at;
        while (end < text_.size() &&
               (is_local(text_[end]) || text_[end] == '@' || text_[end] == ':' ||
                static_cast<unsigned char>(text_[end]) >= 0x80) &&
               end - at < longest)
            ++end;
        return end;
    }

    void token(std::string_view token) {
        std::string_view tail;
        const std::size_t last = token.find_last_not_of(".:-=");
        if (last == std::string_view::npos) {
            out_ += token;
            return;
        }
        tail = token.substr(last + 1);
        token = token.substr(0, last + 1);
        if (const std::size_t at = token.find('@');
            at != std::string_view::npos && at > 0 && at + 1 < token.size())
            address(token, at);
        else if (const auto ip = IpAddress::from(token); ip && token.size() > 2)
            out_ += ip_name(token, ip->text().find(':') != std::string::npos);
        else if (const std::size_t colon = token.rfind(':');
                 colon != std::string_view::npos && colon > 0 && token.find(':') == colon)
            pieces(token, colon);
        else
            out_ += host(token);
        out_ += tail;
    }

    void pieces(std::string_view whole, std::size_t colon) {
        token(whole.substr(0, colon));
        out_ += ':';
        if (colon + 1 < whole.size()) token(whole.substr(colon + 1));
    }

    void address(std::string_view token, std::size_t at) {
        std::string_view local = token.substr(0, at);
        std::string front;
        if (const std::size_t colon = local.rfind(':');
            colon != std::string_view::npos) {  // "to:kim@example.org"
            front = local.substr(0, colon + 1);
            local = local.substr(colon + 1);
        }
        if (const std::size_t equals = local.rfind('='); equals != std::string_view::npos) {
            front += local.substr(0, equals + 1);
            local = local.substr(equals + 1);
        }
        out_ += front + numbered(users_, lowered(local), "user") + "@" + domain(token.substr(at + 1));
    }

    static std::string numbered(std::map<std::string, std::size_t>& known, const std::string& name,
                                std::string_view prefix) {
        const std::size_t number = known.try_emplace(name, known.size() + 1).first->second;
        return std::string(prefix) + std::to_string(number);
    }

    std::string ip_name(std::string_view text, bool six) {
        const std::size_t number = ips_.try_emplace(std::string(text), ips_.size() + 1).first->second;
        return six ? "2001:db8::" + std::to_string(number) : "192.0.2." + std::to_string(number % 255);
    }

    static bool looks_like_host(std::string_view name) {
        const std::size_t dot = name.rfind('.');
        if (dot == std::string_view::npos || dot == 0 || name.size() - dot < 3 || name.size() - dot > 14)
            return false;
        const std::string_view tld = name.substr(dot + 1);
        return std::ranges::all_of(tld, [](char c) { return !is_digit(c) && c != '-'; }) &&
               std::ranges::all_of(name, is_host);
    }

    std::string domain(std::string_view name) {
        if (knowledge::provider_of(knowledge::built_in(), name)) return std::string(name);
        const std::string small = lowered(name);
        const std::size_t dot = small.rfind('.');
        if (dot == std::string::npos) return small;
        return numbered(domains_, small, "domain") + ".example";
    }

    std::string host(std::string_view name) {
        if (!looks_like_host(name)) return std::string(name);
        const std::string small = lowered(name);
        for (const std::string_view keep : {"javax.", "java.", "system.", "org.", "com.sun.", "microsoft."}) {
            if (small.starts_with(keep)) return std::string(name);
        }
        if (knowledge::provider_of(knowledge::built_in(), name)) return std::string(name);
        const std::size_t last = small.rfind('.');
        const std::size_t second = small.rfind('.', last - 1);
        if (second == std::string::npos) return domain(name);
        const std::string registered = small.substr(second + 1);
        const std::string head = small.substr(0, small.find('.'));
        static constexpr std::array<std::string_view, 10> usual = {
            "mail", "smtp", "imap", "pop", "pop3", "mx", "www", "webmail", "autodiscover", "out"};
        const bool keep = std::ranges::find(usual, std::string_view(head)) != usual.end();
        return (keep ? head : numbered(hosts_, small, "host")) + "." +
               numbered(domains_, registered, "domain") + ".example";
    }

    std::string_view text_;
    std::string out_{};
    std::map<std::string, std::size_t> users_{}, domains_{}, hosts_{}, ips_{};
};

}  // namespace

std::string anonymised(std::string_view text) {
    return Anonymiser(text).run();
}

}  // namespace maildoctor::explain
