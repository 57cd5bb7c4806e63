// What the places where settings are published answered.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/model/boxed.h"
#include "core/model/facts.h"
#include "core/model/publication.h"
#include "core/model/report.h"

namespace maildoctor {

/// One place and its answer.
struct SourceAnswer {
    enum class Outcome : std::uint8_t {
        settings,     ///< servers are published there
        nothing,      ///< nothing is published there
        faulty,       ///< something is published that cannot be used
        unreachable,  ///< could not be asked: says nothing about what is published
    };
    std::string source{};  ///< "srv", "autoconfig", "autoconfig-http", "autodiscover", "autodiscover-http",
                           ///< "pacc", "ispdb", "mx-autoconfig", "provider", "guess"
    std::string step{};    ///< the place's part in programs' look-up orders: "srv", "autoconfig-https",
                           ///< "well-known-https", "autoconfig-http", "well-known-http", "autodiscover-sub",
                           ///< "autodiscover-root", "autodiscover-http", "autodiscover-srv",
                           ///< "autodiscover-json", "pacc", "ispdb", "mx", "provider"
    std::string place{};   ///< the URL or the names that were asked
    std::string host{};    ///< who was asked; empty for DNS
    Outcome outcome{Outcome::nothing};
    std::string detail{};  ///< one line, cleaned
    bool trusted{false};   ///< HTTPS with a good certificate all the way
    bool third_party{false};
    bool asked{false};         ///< a request was sent to the host
    bool not_of_mail{false};   ///< faulty, but as any web site may be: counts only for a host that is there
                               ///< for settings alone
    bool leaves_https{false};  ///< a redirect to plain HTTP was the answer
    PublishedDocument document{};     ///< what was read
    std::vector<DnsFacts> records{};  ///< of SRV records: each name that was asked
    Boxed<TlsFacts> tls{};
    std::optional<Failure> failure{};  ///< why there is no answer
};

/// All answers, the most trusted first, and what they amount to.
struct Discovery {
    std::vector<SourceAnswer> sources{};
    Settings settings{};  ///< of the most trusted source first; each server once
    std::vector<Told> told{};
};

std::string_view word(SourceAnswer::Outcome value) noexcept;

}  // namespace maildoctor
