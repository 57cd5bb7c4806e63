#include "core/doctor/server_book.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <utility>

#include "core/model/dialog.h"
#include "core/probe/lookup.h"
#include "core/probe/port.h"
#include "core/probe/survey.h"

namespace maildoctor::doctor {
namespace {

constexpr std::size_t max_machines = 4;   // of one name that are asked for versions of TLS
constexpr std::size_t max_addresses = 8;  // of one name that are asked one by one
constexpr std::chrono::milliseconds pause_between{150};

Security start_of(Security security) {
    return security == Security::tls ? Security::tls : Security::starttls;
}

std::string key_of(const ServerSetting& setting) {
    return setting.host.text() + ":" + std::to_string(setting.port.number()) + "/" +
           std::string(word(setting.protocol)) + "/" + std::string(word(start_of(setting.security)));
}

bool ran_out(const Observation& seen) {
    const auto lost = [](const std::optional<Failure>& failure) {
        return failure &&
               (failure->kind == FailureKind::out_of_time || failure->kind == FailureKind::cancelled);
    };
    return lost(seen.failure) ||
           (seen.dns && (seen.dns->detail == "out-of-time" || seen.dns->detail == "cancelled"));
}

/// Visits one server: see ServerRecord.
class Visitor {
public:
    Visitor(probe::ContextPtr context, ServerSetting setting, VisitOptions options,
            std::shared_ptr<Politeness> politeness)
        : context_(std::move(context)),
          setting_(std::move(setting)),
          options_(std::move(options)),
          politeness_(std::move(politeness)) {}

    Task<std::vector<Observation>> visit() {
        for (Observation& seen : co_await probe::host_addresses(context_, setting_.host, setting_.source)) {
            if (seen.dns)
                addresses_.insert(addresses_.end(), seen.dns->addresses.begin(), seen.dns->addresses.end());
            seen_.push_back(std::move(seen));
        }
        if (addresses_.empty()) co_return std::move(seen_);
        if (!leave_out_local()) co_return std::move(seen_);
        const Security start = start_of(setting_.security);
        const Observation first = co_await hold(addresses_, start, setting_.source);
        seen_.push_back(first);
        if (broke(first)) {
            const Security other = start == Security::tls ? Security::starttls : Security::tls;
            seen_.push_back(co_await hold(addresses_, other, setting_.source));
        }
        co_await visit_each_address(first, start);
        for (int i = 1; i < options_.connections; ++i) {
            if (!co_await async::sleep_for(pause_between)) break;
            seen_.push_back(co_await hold(addresses_, start, std::string(address_source)));
        }
        co_await ask_versions();
        co_return std::move(seen_);
    }

private:
    Role role() const { return setting_.source == "mx" ? Role::mx : role_of(setting_.protocol); }

    Observation blank(std::string why) const {
        Observation seen{.probe = std::string(dialog_probe)};
        seen.subject = {.host = setting_.host.text(),
                        .port = setting_.port,
                        .protocol = setting_.protocol,
                        .security = start_of(setting_.security),
                        .role = role()};
        seen.source = setting_.source;
        seen.failure =
            Failure{.stage = Stage::connect, .kind = FailureKind::not_possible, .text = std::move(why)};
        return seen;
    }

    /// What a stranger publishes must not make this computer probe itself or its neighbours.
    bool leave_out_local() {
        if (options_.local_allowed) return true;
        std::erase_if(addresses_, [](const IpAddress& a) {
            return a.is_loopback() || a.is_link_local() || a.is_unspecified();
        });
        if (!addresses_.empty()) return true;
        seen_.push_back(
            blank("it has only addresses of this computer or its own network, which are asked only "
                  "with --allow-local"));
        return false;
    }

    /// Whether the dialog in the other mode could tell why.
    static bool broke(const Observation& seen) {
        if (!seen.failure || !connected(seen)) return false;
        if (seen.subject.security == Security::tls) return !encrypted(seen);
        return !greeted(seen) &&
               (!seen.mail || seen.mail->greeting.empty() || tls_where_plain_was_asked(seen));
    }

    Task<Observation> hold(std::vector<IpAddress> addresses, Security start, std::string source) {
        const auto permit = co_await Politeness::ask(politeness_, addresses, context_->deadline);
        if (!permit) {
            Observation seen = blank("the time limit ran out before the server's turn came");
            seen.subject.security = start;
            seen.source = std::move(source);
            seen.failure->kind = FailureKind::out_of_time;
            co_return seen;
        }
        probe::PortQuestion question{.host = setting_.host,
                                     .addresses = std::move(addresses),
                                     .port = setting_.port,
                                     .protocol = setting_.protocol,
                                     .start = start,
                                     .role = role(),
                                     .source = std::move(source)};
        co_return co_await probe::port_dialog(context_, std::move(question));
    }

    /// The race of addresses decided for one of several machines: the others may be different.
    Task<void> visit_each_address(Observation first, Security start) {
        if (addresses_.size() < 2 || !connected(first)) co_return;
        std::vector<IpAddress> others;
        for (const ConnectAttempt& attempt : first.connects)
            if (!attempt.failure && !attempt.used && others.size() < max_addresses)
                others.push_back(attempt.address);
        for (const IpAddress& address : others)
            seen_.push_back(co_await hold({address}, start, std::string(address_source)));
    }

    std::vector<IpAddress> encrypting_machines() const {
        std::vector<IpAddress> machines;
        for (const Observation& seen : seen_) {
            if (!is_dialog(seen) || !encrypted(seen) || !seen.subject.address) continue;
            if (machines.size() < max_machines &&
                std::ranges::find(machines, *seen.subject.address) == machines.end())
                machines.push_back(*seen.subject.address);
        }
        return machines;
    }

    /// One version a connection, one connection at a time.
    Task<void> ask_versions() {
        if (options_.versions.empty() || role() == Role::mx) co_return;
        for (const IpAddress& machine : encrypting_machines()) {
            std::optional<Observation> all;
            for (const TlsVersion version : options_.versions) {
                const auto permit = co_await Politeness::ask(politeness_, {machine}, context_->deadline);
                if (!permit) break;
                probe::PortQuestion question{.host = setting_.host,
                                             .addresses = {machine},
                                             .port = setting_.port,
                                             .protocol = setting_.protocol,
                                             .start = start_of(setting_.security),
                                             .role = role(),
                                             .source = std::string(address_source)};
                Observation seen = co_await probe::tls_versions(context_, std::move(question), {version});
                if (all) {
                    std::ranges::move(seen.survey->versions, std::back_inserter(all->survey->versions));
                    all->survey->connections += seen.survey->connections;
                } else {
                    all = std::move(seen);
                }
            }
            if (all) seen_.push_back(std::move(*all));
        }
    }

    probe::ContextPtr context_;
    ServerSetting setting_;
    VisitOptions options_;
    std::shared_ptr<Politeness> politeness_;
    std::vector<IpAddress> addresses_{};
    std::vector<Observation> seen_{};
};

Task<std::vector<Observation>> visit(probe::ContextPtr context, ServerSetting setting, VisitOptions options,
                                     std::shared_ptr<Politeness> politeness) {
    Visitor visitor(std::move(context), std::move(setting), options, std::move(politeness));
    co_return co_await visitor.visit();
}

}  // namespace

std::size_t ServerBook::visits() const {
    const std::lock_guard<std::mutex> lock(guard_);
    return visits_;
}

ServerBook::Turn ServerBook::turn(const std::string& key) {
    const std::lock_guard<std::mutex> lock(guard_);
    if (const auto known = entries_.find(key); known != entries_.end()) {
        Entry& entry = known->second;
        if (!entry.record) return {.under_way = entry.done};
        if (Clock::now() - entry.made < life_) {
            by_age_.splice(by_age_.end(), by_age_, entry.age);
            return {.record = entry.record};
        }
        by_age_.erase(entry.age);
        entries_.erase(known);
    }
    entries_.try_emplace(key);
    ++visits_;
    return {};
}

void ServerBook::end_visit(const std::string& key, const ServerRecord& record) {
    std::shared_ptr<async::SharedEvent> done;
    {
        const std::lock_guard<std::mutex> lock(guard_);
        const auto place = entries_.find(key);
        done = place->second.done;
        if (!record || std::ranges::any_of(*record, ran_out)) {
            entries_.erase(place);
        } else {
            place->second.record = record;
            place->second.made = Clock::now();
            place->second.age = by_age_.insert(by_age_.end(), key);
            if (by_age_.size() > capacity_) {
                entries_.erase(by_age_.front());
                by_age_.pop_front();
            }
        }
    }
    done->set();
}

Task<ServerRecord> ServerBook::record(std::shared_ptr<ServerBook> book, probe::ContextPtr context,
                                      ServerSetting setting) {
    const std::string key = key_of(setting);
    while (true) {
        Turn turn = book->turn(key);
        if (turn.record) co_return turn.record;
        if (!turn.under_way) break;
        if (context->deadline.passed() || co_await async::cancelled())
            co_return std::make_shared<const std::vector<Observation>>();
        (void)co_await async::SharedEvent::wait(std::move(turn.under_way), context->deadline);
    }
    ServerRecord record;
    try {
        record = std::make_shared<const std::vector<Observation>>(
            co_await visit(std::move(context), std::move(setting), book->options_, book->politeness_));
    } catch (...) {  // a fault of ours: nobody must wait for it for ever
        book->end_visit(key, nullptr);
        throw;
    }
    book->end_visit(key, record);
    co_return record;
}

}  // namespace maildoctor::doctor
