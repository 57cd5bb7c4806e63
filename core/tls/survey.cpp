#include "core/tls/survey.h"

#include <openssl/rand.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <array>
#include <memory>
#include <utility>

#include "core/async/when_all.h"
#include "core/tls/cipher_suites.h"

namespace maildoctor::tls {
namespace {

constexpr int turned_away = 2;  // connections in a row that do not get through
constexpr std::uint8_t deflate = 1, protocol_version_alert = 70, inappropriate_fallback = 86;
constexpr std::uint16_t extended_master_secret = 23, renegotiation_info = 0xff01;
constexpr std::size_t short_list = 40, read_step = 16384;

/// In the order of the result: newest first.
constexpr std::array all_versions = {TlsVersion::tls1_3, TlsVersion::tls1_2, TlsVersion::tls1_1,
                                     TlsVersion::tls1_0, TlsVersion::ssl3,   TlsVersion::ssl2};

std::string alert_text(const Alert& alert) {
    return "alert " + std::to_string(alert.description) + " (" +
           SSL_alert_desc_string_long(alert.description) + ")";
}

/// How a server that was reached said no, in words.
std::string refusal_text(const Reply& reply) {
    if (reply.answer.alert) return alert_text(*reply.answer.alert);
    if (!reply.failure) return "no reason known";
    switch (reply.failure->kind) {
        case FailureKind::peer_closed:
            return "closes the connection";
        case FailureKind::reset:
            return "resets the connection";
        case FailureKind::timed_out:
        case FailureKind::out_of_time:
            return "no answer within the time limit";
        default:
            return reply.failure->text;
    }
}

/// Whether a reply without a ServerHello is a clear no.
bool is_refusal(const Reply& reply) {
    if (!reply.reached || reply.answer.version) return false;
    if (reply.answer.alert) return true;
    return reply.failure &&
           (reply.failure->kind == FailureKind::peer_closed || reply.failure->kind == FailureKind::reset);
}

ClientHello hello_for(TlsVersion version, const std::string& server_name) {
    ClientHello hello{.newest = version, .ciphers = suites_for(version)};
    if (version == TlsVersion::ssl3) return hello;  // it knows no extensions
    hello.server_name = server_name;
    for (const Group& group : groups())
        hello.groups.push_back(group.code);
    hello.extended_master_secret = version != TlsVersion::tls1_3;
    if (version >= TlsVersion::tls1_2) hello.signature_algorithms = usual_signature_algorithms();
    if (version == TlsVersion::tls1_3) hello.supported_versions = {TlsVersion::tls1_3};
    return hello;
}

/// One survey under way. Lives as long as the coroutine that runs it.
class Surveyor : public std::enable_shared_from_this<Surveyor> {
public:
    Surveyor(SurveyPlan plan, Ask ask) : plan_(std::move(plan)), ask_(std::move(ask)) {
        for (const TlsVersion version : all_versions)
            if (plan_.only.empty() || std::ranges::find(plan_.only, version) != plan_.only.end())
                survey_.versions.push_back({.version = version});
    }

    Task<TlsSurvey> run() {
        if (!plan_.only.empty()) {
            co_await versions(plan_.only);
            co_return std::move(survey_);
        }
        // Three lanes: never more than three connections at once.
        std::vector<Task<bool>> first;
        first.push_back(versions({TlsVersion::tls1_3, TlsVersion::ssl3, TlsVersion::ssl2}));
        first.push_back(versions({TlsVersion::tls1_2}));
        first.push_back(versions({TlsVersion::tls1_1, TlsVersion::tls1_0}));
        co_await async::when_all(std::move(first));
        if (newest(survey_) != nullptr) {
            std::vector<Task<bool>> second;
            second.push_back(key_exchange());
            second.push_back(downgrade());
            second.push_back(clients());
            co_await async::when_all(std::move(second));
        }
        co_return std::move(survey_);
    }

private:
    VersionSeen& seen_of(TlsVersion version) {
        return *std::ranges::find(survey_.versions, version, &VersionSeen::version);
    }

    /// One connection, unless the server had enough of us or the time is over.
    Task<Reply> ask(ClientHello hello, ReadUntil until) {
        RAND_bytes(hello.random.data(), static_cast<int>(hello.random.size()));
        if (hello.newest == TlsVersion::tls1_3 && share_key_) hello.key_share = x25519;
        std::string octets =
            hello.newest == TlsVersion::ssl2 ? ssl2_client_hello(hello.random) : client_hello_record(hello);
        return ask_octets(std::move(octets), until);
    }

    Task<Reply> ask_octets(std::string octets, ReadUntil until) {
        if (survey_.stopped.empty()) {
            if (plan_.deadline.passed()) survey_.stopped = "the time limit ran out";
            if (survey_.connections >= plan_.most_connections)
                survey_.stopped = std::to_string(survey_.connections) + " connections were enough";
        }
        if (!survey_.stopped.empty())
            co_return Reply{
                .failure =
                    Failure{.stage = Stage::local, .kind = FailureKind::cancelled, .text = survey_.stopped}};
        ++survey_.connections;
        Reply reply = co_await ask_(std::move(octets), until);
        unreached_ = reply.reached ? 0 : unreached_ + 1;
        if (unreached_ >= turned_away && survey_.stopped.empty())
            survey_.stopped = reply.failure ? reply.failure->text : "the server could not be reached";
        co_return reply;
    }

    Task<bool> versions(std::vector<TlsVersion> wanted) {
        for (const TlsVersion version : wanted)
            co_await ask_version(version);
        co_return true;
    }

    Task<void> ask_version(TlsVersion version) {
        ClientHello hello = hello_for(version, plan_.server_name);
        if (version != TlsVersion::tls1_3) hello.compressions = {deflate, 0};
        Reply reply = co_await ask(hello, ReadUntil::hello);
        VersionSeen& seen = seen_of(version);
        const bool mute = reply.reached && !reply.answer.version && !reply.answer.alert;
        if (version == TlsVersion::tls1_3 && reply.answer.alert &&
            reply.answer.alert->description != protocol_version_alert) {
            share_key_ = true;  // a server that does not ask for a key share
            reply = co_await ask(hello, ReadUntil::hello);
            share_key_ = reply.answer.version == TlsVersion::tls1_3;
        } else if (mute && version <= TlsVersion::tls1_2 && version != TlsVersion::ssl2) {
            hello.ciphers = shortened(hello.ciphers);  // some old servers drop a long list
            hello.compressions = {0};
            reply = co_await ask(hello, ReadUntil::hello);
            seen.complete = false;
        }
        take_version(seen, reply);
        if (seen.offered != Answer::yes || version == TlsVersion::ssl2 || !plan_.only.empty()) co_return;
        if (version != TlsVersion::tls1_3) take_old_extensions(version, reply.answer);
        co_await enumerate(version, std::move(hello), reply.answer.cipher);
        co_await ask_order(version);
    }

    /// The suites that nearly every old server knows some of.
    static std::vector<std::uint16_t> shortened(const std::vector<std::uint16_t>& all) {
        std::vector<std::uint16_t> some;
        for (const std::uint16_t code : all) {
            const std::string name = cipher_seen(code).name;
            const bool usual =
                name.find("RSA") != std::string::npos && name.find("anon") == std::string::npos &&
                name.find("CAMELLIA") == std::string::npos && name.find("ARIA") == std::string::npos;
            if (usual && some.size() < short_list) some.push_back(code);
        }
        return some;
    }

    static void take_version(VersionSeen& seen, const Reply& reply) {
        if (reply.answer.version == seen.version) {
            seen.offered = Answer::yes;
        } else if (reply.answer.version) {
            seen.offered = Answer::no;
            seen.because = "answers with " + std::string(version_name(*reply.answer.version));
        } else {
            seen.offered = is_refusal(reply) ? Answer::no : Answer::unknown;
            seen.because = reply.reached || !reply.failure ? refusal_text(reply) : reply.failure->text;
        }
    }

    static void set(Answer& answer, bool yes) {
        if (answer != Answer::yes) answer = yes ? Answer::yes : Answer::no;
    }

    void take_old_extensions(TlsVersion version, const ServerAnswer& answer) {
        set(survey_.compression, answer.compression == deflate);
        if (version == TlsVersion::ssl3) return;
        set(survey_.secure_renegotiation, answer.has_extension(renegotiation_info));
        set(survey_.extended_master_secret, answer.has_extension(extended_master_secret));
    }

    /// Leaves out what was chosen and asks again, until nothing is left that the server takes.
    Task<void> enumerate(TlsVersion version, ClientHello hello, std::uint16_t first) {
        hello.compressions = {0};
        std::uint16_t chosen = first;
        while (true) {
            const auto place = std::ranges::find(hello.ciphers, chosen);
            if (place == hello.ciphers.end()) {  // not one that was offered
                seen_of(version).complete = false;
                co_return;
            }
            hello.ciphers.erase(place);
            seen_of(version).ciphers.push_back(cipher_seen(chosen));
            if (hello.ciphers.empty()) co_return;
            const Reply reply = co_await ask(hello, ReadUntil::hello);
            if (reply.answer.version != version) {
                const bool answered = is_refusal(reply) || reply.answer.version.has_value();
                if (!answered) seen_of(version).complete = false;
                co_return;
            }
            chosen = reply.answer.cipher;
        }
    }

    /// Offers the server's last suite first. ChaCha20 is no test: many servers prefer it just when the client
    /// does.
    Task<void> ask_order(TlsVersion version) {
        const std::vector<CipherSeen>& known = seen_of(version).ciphers;
        if (known.size() < 2) co_return;
        std::size_t last = known.size() - 1;
        while (last > 1 && known[last].name.find("CHACHA") != std::string::npos)
            --last;
        ClientHello hello = hello_for(version, plan_.server_name);
        hello.ciphers = {known[last].code};
        for (const CipherSeen& cipher : known)
            if (cipher.code != hello.ciphers.front()) hello.ciphers.push_back(cipher.code);
        const std::uint16_t favourite = known.front().code, offered_first = hello.ciphers.front();
        const Reply reply = co_await ask(std::move(hello), ReadUntil::hello);
        if (reply.answer.version != version) co_return;
        if (reply.answer.cipher == favourite) seen_of(version).own_order = Answer::yes;
        if (reply.answer.cipher == offered_first) seen_of(version).own_order = Answer::no;
    }

    std::vector<std::uint16_t> ciphers_of(TlsVersion version, bool (*with)(std::uint16_t)) const {
        std::vector<std::uint16_t> some;
        const VersionSeen* seen = find_version(survey_, version);
        for (const CipherSeen& cipher : seen->ciphers)
            if (with(cipher.code)) some.push_back(cipher.code);
        return some;
    }

    /// The newest version before TLS 1.3 that has such suites.
    std::optional<TlsVersion> old_version_with(bool (*with)(std::uint16_t)) const {
        for (const TlsVersion version : all_versions) {
            if (version == TlsVersion::tls1_3 || !offers(survey_, version)) continue;
            if (!ciphers_of(version, with).empty()) return version;
        }
        return std::nullopt;
    }

    Task<bool> key_exchange() {
        if (offers(survey_, TlsVersion::tls1_3)) {
            ClientHello hello = hello_for(TlsVersion::tls1_3, plan_.server_name);
            co_await ask_groups(std::move(hello));
        }
        if (const auto version = old_version_with(uses_ecdhe)) {
            ClientHello hello = hello_for(*version, plan_.server_name);
            hello.ciphers = ciphers_of(*version, uses_ecdhe);
            co_await ask_groups(std::move(hello));
        }
        if (const auto version = old_version_with(uses_dhe)) {
            ClientHello hello = hello_for(*version, plan_.server_name);
            hello.ciphers = ciphers_of(*version, uses_dhe);
            hello.groups.clear();  // else RFC 7919 would let us choose
            const Reply reply = co_await ask(std::move(hello), ReadUntil::key_exchange);
            survey_.dh_bits = reply.answer.dh_bits;
        }
        co_return true;
    }

    Task<void> ask_groups(ClientHello hello) {
        while (!hello.groups.empty()) {
            const Reply reply = co_await ask(hello, ReadUntil::key_exchange);
            const std::uint16_t chosen = reply.answer.group;
            if (chosen == 0 || std::erase(hello.groups, chosen) == 0) co_return;
            if (std::ranges::find(survey_.groups, chosen, &GroupSeen::code) == survey_.groups.end())
                survey_.groups.push_back({.code = chosen, .name = group_name(chosen)});
        }
    }

    /// A server must not let itself be talked down to an older version (RFC 7507).
    Task<bool> downgrade() {
        const VersionSeen* best = newest(survey_);
        for (const VersionSeen& lower : survey_.versions) {
            if (lower.offered != Answer::yes || lower.version >= best->version ||
                lower.version == TlsVersion::ssl2)
                continue;
            ClientHello hello = hello_for(lower.version, plan_.server_name);
            hello.fallback_scsv = true;
            const Reply reply = co_await ask(std::move(hello), ReadUntil::hello);
            if (reply.answer.version) survey_.downgrade_protection = Answer::no;
            if (reply.answer.alert && reply.answer.alert->description == inappropriate_fallback)
                survey_.downgrade_protection = Answer::yes;
            break;
        }
        co_return true;
    }

    Task<bool> clients() {
        for (const ClientTemplate& client : plan_.clients) {
            ClientHello hello = client.hello;
            if (!hello.server_name.empty()) hello.server_name = plan_.server_name;
            const Reply reply = co_await ask(std::move(hello), ReadUntil::key_exchange);
            survey_.clients.push_back(judged(client, reply));
        }
        co_return true;
    }

    ClientTrial judged(const ClientTemplate& client, const Reply& reply) const {
        ClientTrial trial{.id = client.id,
                          .name = client.name,
                          .program = client.program,
                          .best_version = std::string(version_name(client.hello.newest))};
        const ServerAnswer& answer = reply.answer;
        if (answer.version) {
            trial.version = version_name(*answer.version);
            trial.cipher = cipher_seen(answer.cipher).name;
            trial.connects = Answer::yes;
            if (answer.dh_bits > 0 && client.least_dh > answer.dh_bits) trial.obstacle = Obstacle::small_key;
            if (client.most_dh > 0 && client.most_dh < answer.dh_bits) trial.obstacle = Obstacle::large_key;
            if (trial.obstacle != Obstacle::none) {
                trial.connects = Answer::no;
                trial.because = "Diffie-Hellman group of " + std::to_string(answer.dh_bits) + " bits";
            }
            return trial;
        }
        trial.because = reply.reached || !reply.failure ? refusal_text(reply) : reply.failure->text;
        if (!is_refusal(reply)) return trial;
        trial.connects = Answer::no;
        trial.obstacle = obstacle_of(client.hello);
        return trial;
    }

    /// Why a refused program was refused, by what the server was seen to have.
    Obstacle obstacle_of(const ClientHello& hello) const {
        bool version_in_common = false;
        for (const VersionSeen& seen : survey_.versions) {
            const bool speaks = hello.supported_versions.empty()
                                    ? seen.version <= hello.newest && seen.version >= TlsVersion::tls1_0
                                    : std::ranges::find(hello.supported_versions, seen.version) !=
                                          hello.supported_versions.end();
            if (seen.offered != Answer::yes || !speaks) continue;
            version_in_common = true;
            const bool cipher_in_common = std::ranges::any_of(seen.ciphers, [&](const CipherSeen& cipher) {
                return std::ranges::find(hello.ciphers, cipher.code) != hello.ciphers.end();
            });
            if (cipher_in_common) return Obstacle::other;
        }
        return version_in_common ? Obstacle::cipher : Obstacle::version;
    }

    SurveyPlan plan_;
    Ask ask_;
    TlsSurvey survey_{};
    int unreached_{0};
    bool share_key_{false};
};

Task<TlsSurvey> run_surveyor(std::shared_ptr<Surveyor> surveyor) {
    co_return co_await surveyor->run();
}

}  // namespace

Task<Reply> exchange_hello(net::StreamPtr stream, std::string hello, ReadUntil until, Deadline deadline) {
    Reply reply{.reached = true};
    ServerAnswerReader reader(until);
    auto sent = co_await stream->write(std::move(hello), deadline);
    if (!sent) reply.failure = std::move(sent).error();
    bool done = false;
    while (!done) {  // what lies waiting is read also when the write failed: it may be an alert
        auto bytes = co_await stream->read_some(read_step, deadline);
        if (!bytes) {
            reply.failure = std::move(bytes).error();
            break;
        }
        if (bytes->empty()) {
            reply.failure = Failure{
                .stage = Stage::tls_handshake, .kind = FailureKind::peer_closed, .text = "connection closed"};
            break;
        }
        auto fed = reader.feed(*bytes);
        if (!fed) reply.failure = std::move(fed).error();
        done = !fed || *fed;
    }
    stream->close();
    reply.answer = reader.answer();
    co_return reply;
}

Task<TlsSurvey> run_survey(SurveyPlan plan, Ask ask) {
    return run_surveyor(std::make_shared<Surveyor>(std::move(plan), std::move(ask)));
}

}  // namespace maildoctor::tls
