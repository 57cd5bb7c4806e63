// Reads rules/tls: what mail programs offer on encrypted connections, and who issues certificates in between.
#include <algorithm>
#include <array>

#include "core/knowledge/read_files.h"
#include "core/knowledge/toml_table.h"

namespace maildoctor::knowledge {
namespace {

constexpr std::array<std::string_view, 4> versions = {"1.0", "1.1", "1.2", "1.3"};
constexpr std::array<std::string_view, 5> kinds = {"antivirus", "filter", "firewall", "debugger", "adware"};
constexpr std::size_t shortest_issuer = 6;  // letters: shorter ones would meet innocent names
constexpr int most_dh_bits = 16384;

/// The position among the TLS versions, from 1.0 on; a complaint and 0 for anything else.
std::size_t version_of(TomlTable& table, std::string_view key) {
    const std::string text = table.text(key, true);
    const auto found = std::ranges::find(versions, text);
    if (found != versions.end()) return static_cast<std::size_t>(found - versions.begin());
    table.complain(nullptr, std::string(key) + ": '" + text + "' is not one of 1.0, 1.1, 1.2 and 1.3");
    return 0;
}

bool is_suite_name(std::string_view name) {
    const bool begins = name.starts_with("TLS_") || name.starts_with("SSL_");
    return begins && std::ranges::all_of(name, [](char c) {
               return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
           });
}

bool is_number(std::string_view text) {
    return text.size() == 4 &&
           std::ranges::all_of(text, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

void check_client(const TlsClientSource& client, const TomlTable& table) {
    if (client.ciphers.empty()) table.complain(nullptr, "a client needs ciphers");
    for (const std::string& name : client.ciphers)
        if (!is_suite_name(name)) table.complain(nullptr, "'" + name + "' is not the name of a cipher suite");
    for (const std::string& text : client.signatures)
        if (!is_number(text)) table.complain(nullptr, "'" + text + "' is not a number of four digits");
    if (client.oldest > client.newest) table.complain(nullptr, "oldest is newer than newest");
    if (client.least_dh < 0 || client.least_dh > most_dh_bits || client.most_dh < 0 ||
        client.most_dh > most_dh_bits)
        table.complain(nullptr, "least_dh and most_dh are lengths in bits");
}

/// The source is for people; without it the linter says so.
void require_source(TomlTable& table) {
    if (table.texts("source").empty())
        table.complain(nullptr, "a source is needed", Complaint::Grade::incomplete);
}

void read_client(const toml::table& entry, const std::string& file, Sources& sources,
                 std::vector<Complaint>& complaints) {
    TomlTable table(entry, file, complaints);
    TlsClientSource client{.id = table.text("id", true),
                           .name = table.text("name", true),
                           .program = table.text("program"),
                           .ciphers = table.texts("ciphers"),
                           .groups = table.texts("groups"),
                           .signatures = table.texts("signatures"),
                           .oldest = version_of(table, "oldest"),
                           .newest = version_of(table, "newest"),
                           .least_dh = table.number("least_dh", 0),
                           .most_dh = table.number("most_dh", 0),
                           .sni = table.flag("sni", true),
                           .tickets = table.flag("tickets", false),
                           .extended_master_secret = table.flag("extended_master_secret", false)};
    table.ignore("ends");
    table.ignore("checked");
    require_source(table);
    check_client(client, table);
    table.finish();
    const auto same = [&](const TlsClientSource& other) { return other.id == client.id; };
    if (std::ranges::any_of(sources.tls_clients, same))
        table.complain(nullptr, "the id '" + client.id + "' is taken by another client");
    sources.tls_clients.push_back(std::move(client));
}

void read_interceptor(const toml::table& entry, const std::string& file, Sources& sources,
                      std::vector<Complaint>& complaints) {
    TomlTable table(entry, file, complaints);
    InterceptorSource one{.id = table.text("id", true),
                          .name = table.text("name", true),
                          .kind = table.text("kind", true),
                          .checked = table.text("checked", true),
                          .issuers = table.texts("issuers")};
    require_source(table);
    table.finish();
    if (std::ranges::find(kinds, one.kind) == kinds.end())
        table.complain(nullptr,
                       "kind: '" + one.kind + "' is not antivirus, filter, firewall, debugger or adware");
    if (one.issuers.empty()) table.complain(nullptr, "an interceptor needs issuers");
    for (const std::string& issuer : one.issuers)
        if (issuer.size() < shortest_issuer)
            table.complain(nullptr, "issuer '" + issuer + "' is too short to be told from innocent ones");
    const auto same = [&](const InterceptorSource& other) { return other.id == one.id; };
    if (std::ranges::any_of(sources.interceptors, same))
        table.complain(nullptr, "the id '" + one.id + "' is taken by another interceptor");
    sources.interceptors.push_back(std::move(one));
}

}  // namespace

void read_tls(const toml::table& root, const std::string& file, Sources& sources,
              std::vector<Complaint>& complaints) {
    TomlTable all(root, file, complaints);
    for (const toml::table* const entry : all.tables("client"))
        read_client(*entry, file, sources, complaints);
    for (const toml::table* const entry : all.tables("interceptor"))
        read_interceptor(*entry, file, sources, complaints);
    all.finish();
}

}  // namespace maildoctor::knowledge
