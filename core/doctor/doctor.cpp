#include "core/doctor/doctor.h"

#include <algorithm>
#include <atomic>
#include <exception>
#include <thread>
#include <utility>

#include "core/async/loop.h"
#include "core/dns/resolver.h"
#include "core/dns/trust_anchors.h"
#include "core/doctor/check.h"
#include "core/doctor/ground.h"
#include "core/doctor/version.h"
#include "core/explain/explain.h"
#include "core/knowledge/texts.h"
#include "core/platform/resolver_config.h"
#include "core/tls/client.h"

namespace maildoctor::doctor {
namespace {

class CheckRun final : public Run {
public:
    explicit CheckRun(CheckInput input)
        : pack_(input.pack),
          own_rules_(input.own_rules),
          kept_(input.kept),
          thread_([this, input = std::move(input)]() mutable {
              try {
                  report_ = loop_.run_for(run_check(std::move(input)));
              } catch (...) {
                  failure_ = std::current_exception();
              }
              finished_.store(true);
          }) {}
    CheckRun(const CheckRun&) = delete;
    CheckRun& operator=(const CheckRun&) = delete;
    ~CheckRun() override { loop_.cancel(); }

    void cancel() noexcept override { loop_.cancel(); }
    bool finished() const noexcept override { return finished_.load(); }
    Report wait() override {
        if (thread_.joinable()) thread_.join();
        if (failure_) std::rethrow_exception(std::exchange(failure_, nullptr));
        return std::move(report_);
    }
    Report retold(Report report, const std::string& program, const std::string& language) const override {
        diagnose::Case seen = *kept_;
        seen.request.program = report.request.program = program;
        seen.request.language = report.request.language = language;
        seen.observations = report.observations;
        tell_diagnosis(report, diagnose::diagnose(seen, pack_));
        return report;
    }

private:
    knowledge::Pack pack_;
    std::shared_ptr<const knowledge::LoadedPack> own_rules_;
    std::shared_ptr<diagnose::Case> kept_;
    async::Loop loop_;
    Report report_;
    std::exception_ptr failure_;
    std::atomic<bool> finished_{false};
    std::jthread thread_;  // last: joined before the rest goes away
};

std::expected<dns::Config, BadOption> dns_config(const Options& options) {
    dns::Config config = dns::system_config();
    if (!options.hosts_file) config.hosts = {};
    if (!options.resolvers.empty()) config.servers.clear();
    for (const std::string& text : options.resolvers) {
        const auto server = platform::name_server_from(text);
        if (!server)
            return std::unexpected(BadOption{
                "'" + text + "' is not a name server: give an address, with :PORT where it is not 53"});
        config.servers.push_back(*server);
    }
    if (!options.trust_anchor.empty()) {
        auto anchors = dns::read_trust_anchors(options.trust_anchor);
        if (!anchors) return std::unexpected(BadOption{anchors.error()});
        config.trust_anchors = *anchors;
    }
    return config;
}

/// Settings that the pasted error names stand in for settings that were not typed.
void use_clues(Request& request, const Clues& clues) {
    const TextFields& fields = clues.fields;
    if (!fields.server) return;
    const auto host = HostName::from(*fields.server);
    std::optional<Port> port = fields.port ? Port::from(*fields.port) : std::nullopt;
    std::optional<Protocol> protocol = fields.protocol;
    if (!protocol && port) {
        if (const auto custom = custom_of(*port)) protocol = custom->protocol;
    }
    if (!host || !protocol) return;
    const auto custom = port ? custom_of(*port) : std::nullopt;
    Security security = custom ? custom->security : Security::starttls;
    if (fields.ssl) {
        security = *fields.ssl ? (custom ? custom->security : Security::tls) : Security::none;
    }
    if (!port) port = usual_port(*protocol, security);
    auto& typed = role_of(*protocol) == Role::incoming ? request.incoming : request.outgoing;
    if (!typed)
        typed = ServerSetting{.protocol = *protocol,
                              .host = *host,
                              .port = *port,
                              .security = security,
                              .source = "error-text"};
}

ServerSetting setting_of(const knowledge::Pack& pack, const knowledge::ServerRecord& server,
                         const HostName& host, Port port) {
    return {.protocol = protocol_from(pack.text(server.protocol)).value_or(Protocol::imap),
            .host = host,
            .port = port,
            .security = security_from(pack.text(server.security)).value_or(Security::tls),
            .username_form = std::string(pack.text(server.username)),
            .auth = pack.strings(server.auth),
            .source = "provider"};
}

}  // namespace

std::vector<ServerSetting> provider_servers_of(const HostName& domain, const knowledge::Pack& pack) {
    std::vector<ServerSetting> out;
    const auto* own = knowledge::provider_of(pack, domain.text());
    if (own == nullptr) return out;
    const auto servers = pack.all<knowledge::ServerRecord>(knowledge::Section::servers);
    for (const knowledge::ServerRecord& server : servers.subspan(own->servers.at, own->servers.size)) {
        const auto host = HostName::from(pack.text(server.host));
        const auto port = Port::from(static_cast<int>(server.port));
        if (host && port) out.push_back(setting_of(pack, server, *host, *port));
    }
    return out;
}

plan::Knowledge knowledge_for(const Request& request, const knowledge::Pack& pack) {
    plan::Knowledge known;
    if (request.email) known.provider_servers = provider_servers_of(request.email->domain, pack);
    const auto servers = pack.all<knowledge::ServerRecord>(knowledge::Section::servers);
    for (const knowledge::ProviderRecord& provider : pack.providers()) {
        for (const knowledge::ServerRecord& server :
             servers.subspan(provider.servers.at, provider.servers.size)) {
            const auto host = HostName::from(pack.text(server.host));
            if (host && Port::from(static_cast<int>(server.port))) known.famous_hosts.push_back(*host);
        }
        for (const std::string& domain : pack.strings(provider.domains)) {
            if (const auto name = HostName::from(domain)) known.famous_domains.push_back(*name);
        }
    }
    return known;
}

std::expected<Ground, BadOption> prepare(const Options& options, std::shared_ptr<tls::Client> tls,
                                         dns::SharedAnswers answers) {
    auto config = dns_config(options);
    if (!config) return std::unexpected(std::move(config).error());
    config->answers = std::move(answers);
    if (!tls) {
        tls::ClientConfig tls_config{.ca_file = options.ca_file};
        if (!options.chain_memory) tls_config.chain_life = std::chrono::milliseconds(0);
        auto made = tls::Client::create(std::move(tls_config));
        if (!made) return std::unexpected(BadOption{made.error().text});
        tls = std::move(*made);
    }
    if (options.reference_probes) {
        config->validate = config->investigate = false;
        config->hosts = {};
    }
    Ground ground;
    for (const platform::NameServer& server : config->servers)
        ground.resolver_addresses.push_back(server.address);
    auto context = std::make_shared<probe::Context>();
    context->resolver = std::make_shared<dns::Resolver>(std::move(*config));
    context->tls = std::move(tls);
    context->ehlo_name = options.ehlo_name;
    context->began = Clock::now();
    context->deadline = Deadline::after(options.timeout);
    ground.context = std::move(context);
    return ground;
}

std::expected<std::shared_ptr<Run>, BadOption> start_check(Request request, Options options, Sink sink,
                                                           Credentials credentials) {
    auto ground = prepare(options);
    if (!ground) return std::unexpected(std::move(ground).error());
    if (options.reference_probes && (!request.email || !request.incoming))
        return std::unexpected(
            BadOption{"--probes reference needs the server's name: add --incoming imap://HOST"});
    CheckInput input{.request = std::move(request), .pack = knowledge::built_in(), .sink = std::move(sink)};
    if (!options.rules_folder.empty()) {
        auto own = std::make_shared<knowledge::LoadedPack>(knowledge::load_pack(options.rules_folder));
        if (!own->pack) {
            const std::string faults = knowledge::faults_of(*own);
            return std::unexpected(BadOption{"--rules: " + faults.substr(0, faults.find('\n'))});
        }
        input.pack = input.pack.with(*own->pack);
        input.own_rules = std::move(own);
    }
    if (!input.request.error_text.empty()) {
        input.clues = explain::explain(input.request.error_text, input.pack, {});
        use_clues(input.request, *input.clues);
        if (input.request.program.empty()) input.request.program = input.clues->program;
    }
    input.credentials = std::move(credentials);
    input.others = options.other_runs;
    input.live = options.live;
    input.kept = std::make_shared<diagnose::Case>();
    input.reference = options.reference_probes;
    // A text from somebody else must not make this computer probe itself or its neighbours.
    input.local_allowed = options.allow_local || !input.request.only_typed;
    input.knowledge = knowledge_for(input.request, input.pack);
    input.resolver_addresses = std::move(ground->resolver_addresses);
    input.context = std::move(ground->context);
    if (input.request.email && !input.reference)
        input.policy_web = std::make_shared<const http::Transport>(
            http::network_transport(input.context->resolver, input.context->tls, options.allow_local));
    if (input.request.email && !input.request.incoming && !input.request.outgoing && !input.reference) {
        input.web = input.policy_web;
        input.third_parties = options.third_parties && input.knowledge.provider_servers.empty();
    }
    // A certificate names its issuer's servers: third parties, and not those that a pasted text is about.
    if (options.third_parties && (!input.request.only_typed || input.request.tls_survey))
        input.status_web = std::make_shared<const http::Transport>(
            http::network_transport(input.context->resolver, input.context->tls, options.allow_local));
    return std::make_shared<CheckRun>(std::move(input));
}

}  // namespace maildoctor::doctor
