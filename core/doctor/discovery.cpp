#include "core/doctor/discovery.h"

#include <algorithm>
#include <exception>
#include <thread>
#include <utility>

#include "core/async/loop.h"
#include "core/async/when_all.h"
#include "core/discover/document.h"
#include "core/discover/lookup_plan.h"
#include "core/discover/publish.h"
#include "core/discover/search.h"
#include "core/doctor/ground.h"
#include "core/model/dialog.h"
#include "core/probe/port.h"

namespace maildoctor::doctor {
namespace {

constexpr std::size_t max_proved = 12;  // servers a side

struct SearchInput {
    EmailAddress email;
    probe::ContextPtr context;
    std::shared_ptr<const http::Transport> web;
    std::vector<ServerSetting> provider_servers;
    bool third_parties{true};
};

/// Does the server work for a mail program, as far as that shows without a login?
Task<std::optional<bool>> works(probe::ContextPtr context, ServerSetting server) {
    const auto found = co_await context->resolver->addresses(server.host, context->deadline);
    if (found.addresses.empty()) co_return false;
    probe::PortQuestion question{
        .host = server.host,
        .addresses = found.addresses,
        .port = server.port,
        .protocol = server.protocol,
        .start = server.security == Security::tls ? Security::tls : Security::starttls,
        .role = role_of(server.protocol),
        .source = server.source};
    const Observation seen = co_await probe::port_dialog(context, std::move(question));
    if (server.security == Security::none ? plain_login_offered(seen) : usable_securely(seen)) co_return true;
    const bool unknown = seen.failure && (seen.failure->kind == FailureKind::cancelled ||
                                          seen.failure->kind == FailureKind::out_of_time);
    co_return unknown ? std::nullopt : std::optional(false);
}

Task<std::vector<ServerSetting>> prove(probe::ContextPtr context, std::vector<ServerSetting> servers) {
    if (servers.size() > max_proved) servers.erase(servers.begin() + max_proved, servers.end());
    std::vector<Task<std::optional<bool>>> visits;
    for (const ServerSetting& server : servers)
        visits.push_back(works(context, server));
    const auto answers = co_await async::when_all(std::move(visits));
    for (std::size_t i = 0; i < servers.size(); ++i)
        servers[i].works = answers[i];
    co_return servers;
}

void add_provider(const SearchInput& input, Discovery& found) {
    if (input.provider_servers.empty()) return;
    SourceAnswer answer{.source = "provider",
                        .step = "provider",
                        .place = "the built-in list of providers",
                        .outcome = SourceAnswer::Outcome::settings,
                        .trusted = true};
    for (const ServerSetting& server : input.provider_servers) {
        const bool outgoing = role_of(server.protocol) == Role::outgoing;
        auto& listed = outgoing ? answer.document.settings.outgoing : answer.document.settings.incoming;
        auto& all = outgoing ? found.settings.outgoing : found.settings.incoming;
        listed.push_back(server);
        const bool known = std::ranges::any_of(all, [&](const ServerSetting& other) {
            return other.host == server.host && other.port == server.port &&
                   other.security == server.security;
        });
        if (!known) all.push_back(server);
    }
    found.sources.push_back(std::move(answer));
}

/// Tries the usual names, encrypted ports only, in Thunderbird's order; keeps what works.
Task<std::vector<ServerSetting>> guess(const SearchInput input, Role role) {
    std::vector<ServerSetting> guesses;
    for (const PortTry& entry :
         discover::plan_lookup(input.email, {.style = LookupStyle::thunderbird}).guesses) {
        const auto host = HostName::from(entry.host);
        if (!host || entry.security == Security::none || role_of(entry.protocol) != role ||
            entry.port.number() == 25)
            continue;
        guesses.push_back({.protocol = entry.protocol,
                           .host = *host,
                           .port = entry.port,
                           .security = entry.security,
                           .source = "guess"});
    }
    std::vector<Task<std::optional<bool>>> visits;
    for (const ServerSetting& server : guesses)
        visits.push_back(works(input.context, server));
    const auto answers = co_await async::when_all(std::move(visits));
    std::vector<ServerSetting> kept;
    for (std::size_t i = 0; i < guesses.size(); ++i) {
        if (answers[i] != true) continue;
        guesses[i].works = true;
        kept.push_back(guesses[i]);
    }
    co_return kept;
}

Task<Discovery> run_discovery(SearchInput input) {
    discover::SearchOptions options{.third_parties = input.third_parties && input.provider_servers.empty()};
    Discovery found = co_await discover::search(input.context->resolver, input.web, input.email,
                                                std::move(options), input.context->deadline);
    add_provider(input, found);
    for (const Role role : {Role::incoming, Role::outgoing}) {
        auto& side = role == Role::incoming ? found.settings.incoming : found.settings.outgoing;
        if (side.empty()) {
            side = co_await guess(input, role);
        } else {
            side = co_await prove(input.context, std::move(side));
        }
    }
    co_return found;
}

class RunningDiscovery final : public DiscoveryRun {
public:
    explicit RunningDiscovery(SearchInput input)
        : thread_([this, input = std::move(input)]() mutable {
              try {
                  found_ = loop_.run_for(run_discovery(std::move(input)));
              } catch (...) {
                  failure_ = std::current_exception();
              }
          }) {}
    ~RunningDiscovery() override { loop_.cancel(); }

    void cancel() noexcept override { loop_.cancel(); }
    Discovery wait() override {
        if (thread_.joinable()) thread_.join();
        if (failure_) std::rethrow_exception(std::exchange(failure_, nullptr));
        return std::move(found_);
    }

private:
    async::Loop loop_;
    Discovery found_;
    std::exception_ptr failure_;
    std::jthread thread_;  // last: joined before the rest goes away
};

}  // namespace

PublishedDocument read_document(DocumentFormat format, std::string_view bytes, const EmailAddress& email) {
    return discover::read_document(format, bytes, email);
}

LookupPlan plan_lookup(const EmailAddress& email, const LookupOptions& options) {
    return discover::plan_lookup(email, options);
}

std::expected<std::vector<PublicationPart>, std::string> make_publication(const PublicationOffer& offer) {
    return discover::make_publication(offer);
}

std::expected<std::shared_ptr<DiscoveryRun>, BadOption> start_discovery(EmailAddress email, Options options) {
    auto ground = prepare(options);
    if (!ground) return std::unexpected(std::move(ground).error());
    Request request;
    request.email = email;
    auto known = knowledge_for(request, knowledge::built_in());
    const probe::ContextPtr context = std::move(ground->context);
    return std::make_shared<RunningDiscovery>(
        SearchInput{.email = std::move(email),
                    .context = context,
                    .web = std::make_shared<const http::Transport>(
                        http::network_transport(context->resolver, context->tls, options.allow_local)),
                    .provider_servers = std::move(known.provider_servers),
                    .third_parties = options.third_parties});
}

}  // namespace maildoctor::doctor
