#include "gui/model/form.h"

#include <algorithm>

#include "core/model/secret.h"
#include "core/model/text.h"
#include "core/names/email.h"
#include "core/names/names.h"

namespace maildoctor::gui {
namespace {

/// The fields of one side.
struct Side {
    Role role;
    Field host, port, user;
};
constexpr Side incoming_side{Role::incoming, Field::in_host, Field::in_port, Field::in_user};
constexpr Side outgoing_side{Role::outgoing, Field::out_host, Field::out_port, Field::out_user};

std::optional<Security> security_of(SecurityChoice choice) {
    switch (choice) {
        case SecurityChoice::tls:
            return Security::tls;
        case SecurityChoice::starttls:
            return Security::starttls;
        case SecurityChoice::none:
            return Security::none;
        case SecurityChoice::find_out:
            break;
    }
    return std::nullopt;
}

/// The protocol as chosen, else the one that the port stands for, else IMAP.
Protocol protocol_of(const ServerFields& fields, Role role, std::optional<Port> port) {
    if (role == Role::outgoing) return Protocol::smtp;
    if (fields.kind == KindChoice::imap) return Protocol::imap;
    if (fields.kind == KindChoice::pop3) return Protocol::pop3;
    if (port) {
        const auto custom = custom_of(*port);
        if (custom && role_of(custom->protocol) == Role::incoming) return custom->protocol;
    }
    return fields.host.starts_with("pop") ? Protocol::pop3 : Protocol::imap;
}

std::optional<std::string> user_of(const ServerFields& fields, const Request& request) {
    if (fields.user == UserChoice::own && !trimmed(fields.user_name).empty())
        return std::string(trimmed(fields.user_name));
    if (!request.email) return std::nullopt;
    if (fields.user == UserChoice::whole_address) return request.email->text();
    if (fields.user == UserChoice::before_at) return request.email->local;
    return std::nullopt;
}

std::optional<ServerSetting> read_server(const ServerFields& fields, const Side& side, FormReading& reading) {
    if (fields.user == UserChoice::own && trimmed(fields.user_name).empty())
        reading.faults.push_back({side.user, say::want_name});
    if (!fields.given()) return std::nullopt;
    const auto host = names::to_host_name(fields.host);
    if (!host) reading.faults.push_back({side.host, say::want_host});
    const std::string_view digits = trimmed(fields.port);
    auto port = digits.empty() ? std::nullopt : Port::from(digits);
    if (!digits.empty() && !port) reading.faults.push_back({side.port, say::want_port});
    if (!host || (!digits.empty() && !port)) return std::nullopt;
    const Protocol protocol = protocol_of(fields, side.role, port);
    auto security = security_of(fields.security);
    if (!security) {
        const auto custom = port ? custom_of(*port) : std::nullopt;
        security = custom ? custom->security : port ? Security::starttls : Security::tls;
    }
    if (!port) port = usual_port(protocol, *security);
    return ServerSetting{.protocol = protocol,
                         .host = *host,
                         .port = *port,
                         .security = *security,
                         .username = user_of(fields, reading.request),
                         .source = "typed"};
}

}  // namespace

void SecretField::wipe() noexcept {
    maildoctor::wipe(bytes_.data(), bytes_.size());
}

std::shared_ptr<const Secret> SecretField::take() {
    if (empty()) return nullptr;
    std::string bytes(bytes_.data());
    auto secret = std::make_shared<const Secret>(std::move(bytes));
    wipe();
    return secret;
}

const Text* FormReading::fault_at(Field field) const {
    const auto at = std::ranges::find(faults, field, &FieldFault::field);
    return at == faults.end() ? nullptr : &at->what;
}

FormReading read_form(const CheckForm& form, Language language) {
    FormReading reading;
    Request& request = reading.request;
    if (const auto typed = trimmed(form.email); !typed.empty()) {
        auto email = names::parse_email(typed);
        if (email)
            request.email = std::move(*email);
        else
            reading.faults.push_back({Field::email, say::want_email});
    }
    request.incoming = read_server(form.incoming, incoming_side, reading);
    request.outgoing = read_server(form.outgoing, outgoing_side, reading);
    request.error_text = form.error_text;
    request.program = form.program;
    request.for_someone_else = form.for_someone_else;
    request.language = report::tag_of(language);
    if (reading.faults.empty() && !request.email && !request.incoming && !request.outgoing)
        reading.faults.push_back({Field::email, say::want_something});
    return reading;
}

doctor::Credentials take_credentials(CheckForm& form, const Request& request) {
    doctor::Credentials credentials;
    auto secret = form.password.take();
    if (!secret) return credentials;
    const auto name_of = [&](const std::optional<ServerSetting>& setting, const ServerFields& fields) {
        if (setting && setting->username) return *setting->username;
        return user_of(fields, request).value_or("");
    };
    const std::string user = name_of(request.incoming, form.incoming),
                      sender = name_of(request.outgoing, form.outgoing);
    credentials.account = doctor::Credential{.user = user, .password = secret};
    if (!sender.empty() && sender != user)
        credentials.outgoing = doctor::Credential{.user = sender, .password = secret};
    return credentials;
}

}  // namespace maildoctor::gui
