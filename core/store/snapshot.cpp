#include "core/store/snapshot.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <vector>

#include "core/json/json.h"
#include "core/model/text.h"

namespace maildoctor::store {
namespace {

using json::Value;

constexpr std::size_t text_limit = 300;                     // octets of one statement
constexpr std::int64_t slow = std::int64_t{3} * 1'000'000;  // µs; below, a time is no difference

std::string clean(std::string_view text) {
    return cleaned(trimmed(text), text_limit);
}

std::string text_of(const Value& value) {
    return clean(value.text());
}

/// "2026-11-21T21:00:00Z" as seconds since 1970; 0 for anything else.
std::int64_t moment_of(const std::string& text) {
    int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0;
    if (text.size() != 20 ||
        std::sscanf(text.c_str(), "%4d-%2d-%2dT%2d:%2d:%2dZ", &year, &month, &day, &hour, &minute,
                    &second) != 6)  // NOLINT(cert-err34-c): each number has its bound
        return 0;
    const std::chrono::year_month_day date{std::chrono::year(year),
                                           std::chrono::month(static_cast<unsigned>(month)),
                                           std::chrono::day(static_cast<unsigned>(day))};
    if (!date.ok()) return 0;
    const auto midnight = std::chrono::sys_days(date).time_since_epoch();
    return std::chrono::duration_cast<std::chrono::seconds>(midnight).count() + hour * 3600 + minute * 60 +
           second;
}

/// "imap.example.org:993 (imap, tls)" from a subject or a setting.
std::string server_name(const Value& subject) {
    std::string name = text_of(subject["host"]);
    if (name.empty()) name = text_of(subject["address"]);
    if (const auto port = subject["port"].integer(); port > 0) name += ":" + std::to_string(port);
    std::string kind = text_of(subject["protocol"]);
    if (const std::string security = text_of(subject["security"]); !security.empty())
        kind += (kind.empty() ? "" : ", ") + security;
    return kind.empty() ? name : name + " (" + kind + ")";
}

std::string joined(const std::vector<std::string>& words) {
    std::string out;
    for (const std::string& each : words)
        out += (out.empty() ? "" : ", ") + each;
    return cleaned(out, 4 * text_limit);
}

/// The texts of an array in the order of the alphabet: the order in which servers list them says nothing.
std::string sorted_texts(const Value& array) {
    std::vector<std::string> words;
    for (const Value& each : array.array())
        words.push_back(each.is_text() ? text_of(each) : std::string());
    std::ranges::sort(words);
    return joined(words);
}

class Reader {
public:
    explicit Reader(const Value& report) : report_(report) {}

    Snapshot read() {
        read_head();
        say(Section::verdict, "verdict", snapshot_.run.verdict);
        say(Section::verdict, "what to mend first", snapshot_.run.primary);
        for (const Value& finding : report_["findings"].array())
            read_finding(finding);
        for (const char* side : {"incoming", "outgoing"})
            for (const Value& setting : report_["settings"][side].array())
                read_setting(setting);
        for (const Value& seen : report_["observations"].array())
            read_observation(seen);
        for (const Value& entry : report_["not_tested"].array())
            say(Section::asked, "not tested: " + text_of(entry["what"]), text_of(entry["because"]));
        say(Section::asked, "version of maildoctor", snapshot_.run.version);
        return std::move(snapshot_);
    }

private:
    /// Several statements about one thing are joined: a name may be asked twice, a server has several
    /// addresses.
    void say(Section section, std::string what, const std::string& value) {
        if (what.empty() || value.empty()) return;
        std::string& slot = snapshot_.statements[{section, std::move(what)}];
        if (slot.empty())
            slot = value;
        else if (slot != value && !slot.contains(value) && slot.size() < 4 * text_limit)
            slot += "; " + value;
    }

    void read_head() {
        RunRecord& run = snapshot_.run;
        const Value& request = report_["request"];
        run.version = text_of(report_["maildoctor"]);
        run.started = moment_of(report_["started"].text());
        run.verdict = text_of(report_["verdict"]);
        run.primary = text_of(report_["primary"]);
        for (const Value* name : {&request["email"], &request["domain"], &report_["domain"],
                                  &request["incoming"], &request["outgoing"], &request["relay_server"]})
            if (run.subject.empty()) run.subject = text_of(*name);
        run.domain = run.subject;
        if (const auto scheme = run.domain.find("://"); scheme != std::string::npos)
            run.domain =
                run.domain.substr(scheme + 3, run.domain.find_first_of(":/?", scheme + 3) - scheme - 3);
        if (const auto at = run.domain.rfind('@'); at != std::string::npos) run.domain.erase(0, at + 1);
        for (const char* side : {"incoming", "outgoing"})
            say(Section::asked, std::string("typed server for ") + side, text_of(request[side]));
    }

    void read_finding(const Value& finding) {
        std::string what = text_of(finding["cause"]);
        if (const std::string server = server_name(finding["subject"]); !server.empty())
            what += " at " + server;
        const std::string detail = text_of(finding["detail"]);
        say(Section::finding, what,
            text_of(finding["severity"]) + (detail.empty() ? "" : " (" + detail + ")") + ": " +
                text_of(finding["title"]));
    }

    void read_setting(const Value& setting) {
        const Value& works = setting["works"];
        std::string value = works.is_null() ? "not tried" : works.boolean() ? "works" : "does not work";
        if (const std::string methods = sorted_texts(setting["auth"]); !methods.empty())
            value += ", login by " + methods;
        say(Section::setting, server_name(setting), value);
    }

    void read_observation(const Value& seen) {
        if (const Value& dns = seen["dns"]; dns.is_object()) read_dns(dns);
        const std::string server = server_name(seen["subject"]);
        if (server.empty()) return;
        read_connects(server, seen);
        if (const Value& tls = seen["tls"]; tls.is_object()) read_tls(server, tls);
        if (const Value& mail = seen["mail"]; mail.is_object()) read_mail(server, mail);
        if (const Value& login = seen["login"]; login.is_object())
            say(Section::login, server, text_of(login["outcome"]) + with_text(login["refusal"]));
    }

    static std::string with_text(const Value& words) {
        const std::string text = text_of(words);
        return text.empty() ? "" : ": " + text;
    }

    void read_connects(const std::string& server, const Value& seen) {
        bool reached = false;
        for (const Value& attempt : seen["connects"].array()) {
            const bool connected = attempt["connected"].boolean();
            reached |= connected;
            const std::string how = connected && attempt["took_us"].integer() >= slow ? "connects slowly"
                                    : connected                                       ? "connects"
                                    : attempt["failure"]["kind"].text() == "cancelled"
                                        ? ""  // lost the race: says nothing
                                        : text_of(attempt["failure"]["kind"]);
            say(Section::server, server + " at " + text_of(attempt["address"]), how);
        }
        if (const Value& failure = seen["failure"];
            failure.is_object() && (reached || seen["connects"].array().empty()))
            say(Section::server, server,
                text_of(failure["stage"]) + ": " + text_of(failure["kind"]) + with_text(failure["text"]));
    }

    void read_tls(const std::string& server, const Value& tls) {
        if (tls["completed"].boolean())
            say(Section::server, server + " TLS", text_of(tls["version"]) + " " + text_of(tls["cipher"]));
        else
            say(Section::server, server + " TLS", "no handshake" + with_text(tls["error"]));
        const std::string faults = sorted_texts(tls["faults"]);
        const auto& chain = tls["chain"].array();
        if (chain.empty()) return;
        const Value& leaf = chain.front();
        say(Section::certificate, server,
            text_of(leaf["subject"]) + ", issued by " + text_of(leaf["issuer"]) + ", until " +
                text_of(leaf["not_after"]) + ", SHA-256 " + text_of(leaf["sha256"]).substr(0, 16) + "…");
        say(Section::certificate, server + " is trusted", faults.empty() ? "yes" : "no: " + faults);
    }

    void read_mail(const std::string& server, const Value& mail) {
        if (!mail["greeting_ok"].boolean() || !mail["refusal"].text().empty())
            say(Section::server, server + " greeting",
                mail["refusal"].text().empty() ? text_of(mail["greeting"]) : text_of(mail["refusal"]));
        say(Section::server, server + " login methods", sorted_texts(mail["auth_mechanisms"]));
        if (mail["capabilities_known"].boolean() && !server.ends_with(", tls)"))
            say(Section::server, server + " STARTTLS",
                mail["starttls_offered"].boolean() ? "offered" : "not offered");
    }

    void read_dns(const Value& dns) {
        const std::string what = text_of(dns["name"]) + " " + text_of(dns["type"]);
        std::vector<std::string> records;
        for (const auto& [name, value] : dns.object()) {
            if (name == "extended_errors" || name == "name" || value.array().empty()) continue;
            for (const Value& record : value.array())
                records.push_back(record_text(record));
        }
        std::ranges::sort(records);
        say(Section::dns, what, records.empty() ? text_of(dns["status"]) : joined(records));
        if (dns["dnssec"].text() == "bogus") say(Section::dns, what + " DNSSEC", "bogus");
    }

    static std::string record_text(const Value& record) {
        if (record.is_text()) return text_of(record);
        std::string out;
        for (const auto& [name, value] : record.object()) {
            const std::string part = value.is_text() ? text_of(value) : std::to_string(value.integer());
            out += (out.empty() ? "" : " ") + part;
        }
        return out;
    }

    const Value& report_;
    Snapshot snapshot_;
};

}  // namespace

std::string_view word(Section value) noexcept {
    static constexpr std::array<std::string_view, 8> words = {"verdict",     "finding", "setting", "server",
                                                              "certificate", "dns",     "login",   "asked"};
    return words[static_cast<std::size_t>(value)];
}

std::expected<Snapshot, std::string> read_snapshot(std::string_view bytes) {
    const auto report = json::read(bytes, {.octets = report_limit});
    if (!report) return std::unexpected(report.error());
    const bool ours = (*report)["maildoctor"].is_text() && (*report)["verdict"].is_text();
    if (!ours) return std::unexpected("is not a report of maildoctor (made by check --format json)");
    if (const auto schema = (*report)["schema"].integer(); schema != 1)
        return std::unexpected("has format " + std::to_string(schema) + "; this maildoctor reads format 1");
    return Reader(*report).read();
}

}  // namespace maildoctor::store
