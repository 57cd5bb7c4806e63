#include "cli/discover_output.h"

#include <algorithm>

#include "core/model/server_url.h"
#include "core/model/text.h"
#include "core/report/json_writer.h"
#include "core/report/layout.h"

namespace maildoctor::cli {
namespace {

using report::JsonWriter;

constexpr std::size_t max_value = 1000;  // octets of one value in the text

void write_server(JsonWriter& out, const ServerSetting& server, bool source_shown) {
    out.begin_object();
    out.member("protocol", word(server.protocol));
    out.member("host", server.host.text());
    out.member("port", server.port.number());
    out.member("security", word(server.security));
    if (server.username) out.member("username", *server.username);
    if (server.username_form) out.member("username_form", *server.username_form);
    out.member("auth", server.auth);
    out.member_if_set("source", source_shown ? server.source : std::string());
    if (server.works) out.member("works", *server.works);
    out.end_object();
}

void write_servers(JsonWriter& out, const char* name, const std::vector<ServerSetting>& servers,
                   bool source_shown = false) {
    out.key(name).begin_array();
    for (const ServerSetting& server : servers)
        write_server(out, server, source_shown);
    out.end_array();
}

void write_faults(JsonWriter& out, const std::vector<DocumentFault>& faults) {
    out.key("faults").begin_array();
    for (const DocumentFault& fault : faults) {
        out.begin_object();
        out.member("kind", fault.kind);
        out.member("element", fault.element);
        out.member("line", fault.line);
        out.member("column", fault.column);
        out.member("dropped_by", fault.dropped_by);
        out.member("text", fault.text);
        out.end_object();
    }
    out.end_array();
}

void write_hints(JsonWriter& out, const PublishedDocument& document) {
    out.member_if_set("redirect_url", document.redirect_url);
    out.member_if_set("redirect_address", document.redirect_address);
    if (document.exchange) {
        const ExchangeHint& exchange = *document.exchange;
        out.key("exchange").begin_object();
        out.member_if_set("ews_url", exchange.ews_url);
        out.member_if_set("owa_url", exchange.owa_url);
        out.member_if_set("host", exchange.host);
        if (exchange.port) out.member("port", exchange.port->number());
        out.end_object();
    }
    if (document.enable) {
        out.key("enable_instruction").begin_object();
        out.member("url", document.enable->url).member("text", document.enable->text).end_object();
    }
    if (!document.oauth2_issuer.empty())
        out.key("oauth2").begin_object().member("issuer", document.oauth2_issuer).end_object();
}

void write_try(JsonWriter& out, const PortTry& entry) {
    out.begin_object();
    out.member_if_set("host", entry.host);
    out.member("protocol", word(entry.protocol));
    out.member("security", word(entry.security));
    out.member("port", entry.port.number());
    out.end_object();
}

void write_tries(JsonWriter& out, const char* name, const std::vector<PortTry>& tries) {
    out.key(name).begin_array();
    for (const PortTry& entry : tries)
        write_try(out, entry);
    out.end_array();
}

/// "imap://mail.example.org:993 (tls), user name …, password-cleartext"
std::string server_line(const ServerSetting& server) {
    std::string line = "  " + std::string(word(server.protocol)) + "://" + server.host.text() + ":" +
                       std::to_string(server.port.number()) + " (" + std::string(word(server.security)) + ")";
    if (server.username) line += ", user name " + cleaned(*server.username, max_value);
    for (const std::string& method : server.auth)
        line += ", " + cleaned(method, max_value);
    if (server.works) line += *server.works ? ": works" : ": does not work";
    return line + "\n";
}

std::string servers_text(const char* title, const std::vector<ServerSetting>& servers) {
    std::string out = std::string(title) + (servers.empty() ? " none\n" : "\n");
    for (const ServerSetting& server : servers)
        out += server_line(server);
    return out;
}

std::string fault_text(const DocumentFault& fault, std::size_t width) {
    std::string programs;
    for (const std::string& program : fault.dropped_by)
        programs += (programs.empty() ? "" : ", ") + program;
    const std::string place = fault.line == 0 ? ""
                                              : "line " + std::to_string(fault.line) + ", column " +
                                                    std::to_string(fault.column) + ": ";
    const std::string effect = programs.empty() ? "" : " Thrown away by: " + programs + ".";
    return report::wrapped(place + fault.text + "." + effect, width, "  ", "    ");
}

std::string hints_text(const PublishedDocument& document, std::size_t width) {
    std::string out;
    const auto line = [&](const std::string& text) { out += report::wrapped(text, width, "", "  "); };
    if (!document.redirect_url.empty()) line("Programs are sent on to: " + document.redirect_url);
    if (!document.redirect_address.empty()) line("Programs are to ask for: " + document.redirect_address);
    if (document.exchange)
        line("Exchange: " +
             (document.exchange->ews_url.empty() ? document.exchange->owa_url : document.exchange->ews_url));
    if (document.enable) line("To be done first: " + document.enable->text + " " + document.enable->url);
    if (!document.oauth2_issuer.empty()) line("OAuth2 by: " + document.oauth2_issuer);
    for (const SkippedServer& server : document.skipped)
        line("Left out: " + (server.type.empty() ? "a server" : server.type) +
             (server.host.empty() ? "" : " " + server.host) + " (" + server.reason + ")");
    return out;
}

/// The command that makes the records and files, where the servers were found by their names alone.
std::string publication_hint(const HostName& domain, const Settings& settings) {
    const auto guessed = [](const std::vector<ServerSetting>& servers) {
        return !servers.empty() && servers.front().source == "guess" && servers.front().works == true;
    };
    if (!guessed(settings.incoming) || !guessed(settings.outgoing)) return {};
    return "\nNothing is published; the usual names work. What the domain's owner can publish:\n  maildoctor "
           "publish " +
           domain.text() + " --incoming " + server_url(settings.incoming.front()) + " --outgoing " +
           server_url(settings.outgoing.front()) + "\n";
}

}  // namespace

std::string document_json(const PublishedDocument& document) {
    JsonWriter out;
    out.begin_object();
    out.key("settings").begin_object();
    write_servers(out, "incoming", document.settings.incoming);
    write_servers(out, "outgoing", document.settings.outgoing);
    out.end_object();
    write_faults(out, document.faults);
    out.key("skipped").begin_array();
    for (const SkippedServer& server : document.skipped) {
        out.begin_object().member("type", server.type);
        if (server.host.empty()) {
            out.key("host").null();
        } else {
            out.member("host", server.host);
        }
        out.member("reason", server.reason).end_object();
    }
    out.end_array();
    write_hints(out, document);
    out.end_object();
    return out.take() + "\n";
}

std::string document_text(const PublishedDocument& document, std::size_t width) {
    std::string out = servers_text("Incoming:", document.settings.incoming) +
                      servers_text("Outgoing:", document.settings.outgoing) + hints_text(document, width);
    if (document.faults.empty()) return out + "No mail program throws this file away.\n";
    out += document.is_dropped() ? "Faults:\n" : "Faults (no mail program throws the file away for them):\n";
    for (const DocumentFault& fault : document.faults)
        out += fault_text(fault, width);
    return out;
}

std::string discovery_json(const EmailAddress& email, const Discovery& found) {
    JsonWriter out;
    out.begin_object().member("email", email.text());
    out.key("settings").begin_object();
    write_servers(out, "incoming", found.settings.incoming, true);
    write_servers(out, "outgoing", found.settings.outgoing, true);
    out.end_object();
    out.key("sources").begin_array();
    for (const SourceAnswer& answer : found.sources) {
        out.begin_object().member("source", answer.source).member("place", answer.place);
        out.member("outcome", word(answer.outcome)).member("trusted", answer.trusted);
        out.member("third_party", answer.third_party).member_if_set("detail", answer.detail);
        out.key("settings").begin_object();
        write_servers(out, "incoming", answer.document.settings.incoming);
        write_servers(out, "outgoing", answer.document.settings.outgoing);
        out.end_object();
        write_faults(out, answer.document.faults);
        write_hints(out, answer.document);
        out.end_object();
    }
    out.end_array();
    out.key("told").begin_array();
    for (const Told& told : found.told)
        out.begin_object().member("who", told.who).member("what", told.what).end_object();
    out.end_array().end_object();
    return out.take() + "\n";
}

std::string discovery_text(const EmailAddress& email, const Discovery& found, std::size_t width) {
    std::string out = servers_text("Incoming:", found.settings.incoming) +
                      servers_text("Outgoing:", found.settings.outgoing) +
                      publication_hint(email.domain, found.settings) +
                      "\nWhere it was looked for, the most trusted first:\n";
    for (const SourceAnswer& answer : found.sources) {
        std::string line = answer.source + ": " + answer.place + ": " + std::string(word(answer.outcome));
        if (answer.outcome == SourceAnswer::Outcome::settings && !answer.trusted) line += " (not protected)";
        if (answer.third_party) line += " (third party)";
        if (!answer.detail.empty()) line += ": " + answer.detail;
        out += report::wrapped(line, width, "  ", "    ");
        if (answer.document.enable)
            out += report::wrapped(
                "to be done first: " + answer.document.enable->text + " " + answer.document.enable->url,
                width, "    ", "    ");
    }
    if (!found.told.empty()) out += "\nWho was told what:\n";
    for (const Told& told : found.told)
        out += report::wrapped(told.who + ": " + told.what, width, "  ", "    ");
    return out;
}

std::string plan_json(const LookupPlan& plan) {
    JsonWriter out;
    out.begin_object();
    out.key("urls").begin_array();
    for (const PlannedUrl& step : plan.urls)
        out.text(step.url);
    out.end_array();
    out.key("steps").begin_array();
    for (const PlannedUrl& step : plan.urls) {
        out.begin_object().member("stage", step.stage).member("method", step.method).member("url", step.url);
        out.member("third_party", step.third_party).end_object();
    }
    out.end_array();
    out.member("dns", plan.dns);
    write_tries(out, "tries", plan.tries);
    write_tries(out, "guesses", plan.guesses);
    out.end_object();
    return out.take() + "\n";
}

std::string plan_text(const LookupPlan& plan) {
    std::string out;
    for (const std::string& name : plan.dns)
        out += "SRV   " + name + "\n";
    for (const PlannedUrl& step : plan.urls)
        out += step.method + std::string(6 - step.method.size(), ' ') + step.url +
               (step.third_party ? "  (third party)" : "") + "\n";
    for (const PortTry& entry : plan.guesses)
        out += "guess " + std::string(word(entry.protocol)) + "://" + entry.host + ":" +
               std::to_string(entry.port.number()) + " (" + std::string(word(entry.security)) + ")\n";
    return out;
}

}  // namespace maildoctor::cli
