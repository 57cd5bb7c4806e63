#include "core/store/other_runs.h"

#include <algorithm>
#include <utility>

#include "core/json/json.h"
#include "core/model/text.h"
#include "core/store/snapshot.h"

namespace maildoctor::store {
namespace {

using json::Value;

constexpr std::size_t most_entries = 200;  // of one kind
constexpr std::size_t most_text = 255;     // octets
constexpr int last_port = 65535;

std::string text_of(const Value& value) {
    return cleaned(trimmed(value.text()), most_text);
}

int port_of(const Value& subject) {
    const auto port = subject["port"].integer();
    return port > 0 && port <= last_port ? static_cast<int>(port) : 0;
}

class Reader {
public:
    Reader(const std::string& where, std::int64_t when, OtherRuns& runs)
        : where_(where), when_(when), runs_(runs) {}

    void read(const Value& seen) {
        const Value& subject = seen["subject"];
        if (port_of(subject) == 0 || subject["host"].text().empty()) return;
        read_starttls(subject, seen["mail"]);
        read_relay(subject, seen["relay"]);
    }

private:
    void read_starttls(const Value& subject, const Value& mail) {
        const auto protocol = protocol_from(subject["protocol"].text());
        if (!protocol || !mail["starttls_offered"].boolean() || subject["security"].text() == "tls") return;
        StarttlsSeen one{.host = text_of(subject["host"]),
                         .port = port_of(subject),
                         .protocol = *protocol,
                         .when = when_,
                         .where = where_};
        const bool known = std::ranges::any_of(runs_.starttls, [&](const StarttlsSeen& other) {
            return other.host == one.host && other.port == one.port && other.protocol == one.protocol;
        });
        if (!known && ++starttls_ <= most_entries) runs_.starttls.push_back(std::move(one));
    }

    void read_relay(const Value& subject, const Value& relay) {
        const auto grade = relay_grade_from(relay["grade"].text());
        if (!grade || ++relays_ > most_entries) return;
        runs_.relays.push_back({.host = text_of(subject["host"]),
                                .address = text_of(subject["address"]),
                                .port = port_of(subject),
                                .grade = *grade,
                                .network = text_of(relay["network"]),
                                .client = text_of(relay["client"]),
                                .when = when_,
                                .where = where_});
    }

    const std::string& where_;
    std::int64_t when_;
    OtherRuns& runs_;
    std::size_t starttls_{}, relays_{};
};

}  // namespace

std::expected<void, std::string> add_run(std::string_view document, const std::string& where,
                                         OtherRuns& runs) {
    const auto snapshot = read_snapshot(document);  // says what is wrong with a report, and when it was made
    if (!snapshot) return std::unexpected(snapshot.error());
    const auto report = json::read(document, {.octets = report_limit});
    if (!report) return std::unexpected(report.error());
    Reader reader(where, snapshot->run.started, runs);
    for (const Value& seen : (*report)["observations"].array())
        reader.read(seen);
    return {};
}

}  // namespace maildoctor::store
