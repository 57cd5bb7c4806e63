#include "core/report/guide.h"

#include <algorithm>

#include "core/model/text.h"
#include "core/report/phrases.h"

namespace maildoctor::report {
namespace {

/// What mail programs write at the choice of encryption.
std::string_view security_name(Security security) {
    return security == Security::tls ? "SSL/TLS" : security == Security::starttls ? "STARTTLS" : "none";
}

/// The values of one server: {incoming…} for texts, {in_…} for the steps of guides.
void put_server(Role role, std::string_view host, std::string_view port, Security security, Protocol protocol,
                knowledge::Values& values) {
    const std::string name(word(role)), in_texts = name + "_",
                                        in_guides = role == Role::incoming ? "in_" : "out_";
    values[name] = host;
    values[in_guides + "host"] = host;
    for (const std::string& prefix : {in_texts, in_guides}) {
        values[prefix + "port"] = port;
        values[prefix + "security"] = security_name(security);
        values[prefix + "protocol"] = protocol_name(protocol);
    }
}

void put_provider(const knowledge::Pack& pack, std::string_view domain, std::optional<Protocol>& protocol,
                  knowledge::Values& values) {
    const auto* const provider = knowledge::provider_of(pack, domain);
    if (provider == nullptr) return;
    values["provider"] = pack.text(provider->name);
    for (const auto& server : pack.all<knowledge::ServerRecord>(knowledge::Section::servers)
                                  .subspan(provider->servers.at, provider->servers.size)) {
        const auto kind = protocol_from(pack.text(server.protocol));
        const auto security = security_from(pack.text(server.security));
        if (!kind || !security || values.contains(word(role_of(*kind)))) continue;
        const bool incoming = role_of(*kind) == Role::incoming;
        if (incoming && protocol && *protocol != *kind) continue;
        put_server(role_of(*kind), pack.text(server.host), std::to_string(server.port), *security, *kind,
                   values);
        if (incoming) protocol = kind;
    }
}

}  // namespace

std::optional<Guide> guide_for(const knowledge::Pack& pack, std::string_view program_name,
                               const GuideValues& given, std::string_view language) {
    const auto* const program = knowledge::program(pack, program_name);
    const auto* const guide =
        knowledge::guide(pack, program != nullptr ? pack.text(program->id) : program_name, language);
    if (guide == nullptr) return std::nullopt;
    knowledge::Values values{{"program", std::string(pack.text(guide->name))}};
    std::optional<Protocol> protocol;
    for (const auto& server : {given.incoming, given.outgoing}) {
        if (!server) continue;
        put_server(role_of(server->protocol), server->host.text(), std::to_string(server->port.number()),
                   server->security, server->protocol, values);
        if (role_of(server->protocol) == Role::incoming) protocol = server->protocol;
    }
    if (const std::size_t at = given.email.find('@'); at != std::string::npos) {
        for (const char* name : {"email", "address", "username", "user", "in_user", "out_user"})
            values[name] = given.email;
        const std::string domain = given.email.substr(at + 1);
        values["domain"] = domain;
        put_provider(pack, domain, protocol, values);
    }
    if (given.incoming && given.incoming->username) values["in_user"] = *given.incoming->username;
    if (given.outgoing && given.outgoing->username) values["out_user"] = *given.outgoing->username;
    Guide filled{.program = std::string(pack.text(guide->name))};
    for (const auto& step : pack.all<knowledge::PathRecord>(knowledge::Section::paths)
                                .subspan(guide->steps.at, guide->steps.size)) {
        const auto only = protocol_from(pack.text(step.what));
        if (only && protocol && role_of(*only) == Role::incoming && *only != *protocol) continue;
        filled.steps.push_back(knowledge::fill(pack.text(step.text), values, language));
    }
    for (const std::string& note : pack.strings(guide->notes))
        filled.notes.push_back(knowledge::fill(note, values, language));
    return filled;
}

std::vector<GuideName> guide_names(const knowledge::Pack& pack, std::string_view language) {
    std::vector<GuideName> names;
    for (const auto& guide : pack.guides())
        if (pack.text(guide.language) == language)
            names.push_back({std::string(pack.text(guide.program)), std::string(pack.text(guide.name))});
    std::ranges::sort(names, {}, [](const GuideName& g) { return upper_case(g.name); });
    return names;
}

}  // namespace maildoctor::report
