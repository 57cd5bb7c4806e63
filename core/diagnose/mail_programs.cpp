#include "core/diagnose/mail_programs.h"

#include <algorithm>
#include <array>

namespace maildoctor::diagnose {
namespace {

using Outcome = ProgramStep::Outcome;
using Ending = ProgramOutcome::Ending;

// The orders are those of the programs' sources and makers' documents: Thunderbird's FindConfig, GuessConfig
// and ExchangeAutoDiscover, K-9's autodiscovery, Delta Chat's configure.rs and server_params.rs, Microsoft's
// "Outlook 2016 implementation of Autodiscover"; what the other two Outlooks ask is seen in network traces
// only.
constexpr std::array<std::string_view, 7> thunderbird_steps = {
    "autoconfig-https", "well-known-https", "autoconfig-http", "well-known-http", "ispdb", "mx", "guess"};
constexpr std::array<std::string_view, 6> k9_steps = {
    "autoconfig-https", "well-known-https", "autoconfig-http", "well-known-http", "ispdb", "mx"};
constexpr std::array<std::string_view, 6> deltachat_steps = {
    "autoconfig-https", "well-known-https", "autodiscover-root", "autodiscover-sub", "ispdb", "guess"};
constexpr std::array<std::string_view, 4> outlook_steps = {"autodiscover-root", "autodiscover-sub",
                                                           "autodiscover-http", "autodiscover-srv"};
constexpr std::array<std::string_view, 1> vendor_service = {"vendor-service"};
constexpr std::array<std::string_view, 2> apple_steps = {"profile", "vendor-list"};

constexpr std::array<MailProgram, 7> programs = {{
    {"thunderbird", "Thunderbird", thunderbird_steps, true, true, true, LookupStyle::thunderbird,
     "Reads no SRV records. Autodiscover is only offered beside what the other sources gave.",
     "Liest keine SRV-Einträge. Autodiscover wird nur neben dem angeboten, was die anderen Quellen ergaben."},
    {"k9", "K-9 Mail / Thunderbird for Android", k9_steps, false, false, false, LookupStyle::k9,
     "Reads no SRV records and guesses nothing; takes IMAP only; one server without encryption makes it "
     "throw the "
     "whole document away.",
     "Liest keine SRV-Einträge und rät nichts; nimmt nur IMAP; ein einziger Server ohne Verschlüsselung "
     "lässt es das "
     "ganze Dokument verwerfen."},
    {"deltachat", "Delta Chat", deltachat_steps, false, false, false, LookupStyle::deltachat,
     "Reads no SRV records, asks over HTTPS only, and asks Autodiscover with GET, which most servers answer "
     "only to "
     "POST.",
     "Liest keine SRV-Einträge, fragt nur über HTTPS, und fragt Autodiscover mit GET, während die meisten "
     "Server nur "
     "auf POST antworten."},
    {"outlook", "Outlook (classic, for Windows)", outlook_steps, true, true, false, LookupStyle::own,
     "Asks Microsoft 365 first where the account looks like it; registry settings can leave steps out; reads "
     "no "
     "autoconfig and no SRV records but _autodiscover.",
     "Fragt zuerst Microsoft 365, wenn das Konto danach aussieht; Einträge in der Registrierung können "
     "Schritte "
     "auslassen; liest kein autoconfig und von den SRV-Einträgen nur _autodiscover."},
    {"new-outlook", "Outlook (new, for Windows)", vendor_service, false, false, false, LookupStyle::own,
     "Asks a service of Microsoft for the settings: what the domain publishes need not count.",
     "Fragt einen Dienst von Microsoft nach den Einstellungen: Was die Domain veröffentlicht, muss nicht "
     "zählen."},
    {"outlook-mac", "Outlook for Mac", vendor_service, true, false, false, LookupStyle::own,
     "Asks a service of Microsoft for the settings: what the domain publishes need not count.",
     "Fragt einen Dienst von Microsoft nach den Einstellungen: Was die Domain veröffentlicht, muss nicht "
     "zählen."},
    {"apple-mail", "Apple Mail", apple_steps, true, true, false, LookupStyle::own,
     "Knows large providers from a list of Apple's; any other domain can hand out a configuration profile "
     "(.mobileconfig), else the servers are typed in.",
     "Kennt große Anbieter aus einer Liste von Apple; jede andere Domain kann ein Konfigurationsprofil "
     "(.mobileconfig) ausgeben, sonst werden die Server von Hand eingetragen."},
}};

/// Follows one program through its look-up order.
class Simulation {
public:
    Simulation(const MailProgram& program, const SimulationInput& input) : program_(program), input_(input) {
        out_.program = program.id;
        out_.name = program.name;
        out_.note = input.language == "de" ? program.note_de : program.note;
    }

    ProgramOutcome run() {
        for (const std::string_view step : program_.steps) {
            if (decided()) break;
            if (step == "guess") {
                guess();
            } else if (step == "vendor-service" || step == "vendor-list") {
                out_.steps.push_back({.step = std::string(step), .outcome = Outcome::not_visible});
            } else if (step == "profile") {
                continue;  // a person has to fetch it
            } else {
                ask(step);
            }
        }
        conclude();
        return std::move(out_);
    }

private:
    bool decided() const { return !out_.decided_by.empty(); }

    void note_step(std::string_view step, Outcome outcome, std::string detail = {}) {
        out_.steps.push_back({.step = std::string(step), .outcome = outcome, .detail = std::move(detail)});
    }

    /// One step may stand for several places (the MX host's domains): the first that gives something counts.
    void ask(std::string_view step) {
        bool asked = false;
        ProgramStep best{.step = std::string(step), .outcome = Outcome::nothing};
        for (const SourceAnswer& answer : input_.sources) {
            if (answer.step != step) continue;
            asked = true;
            ProgramStep seen = read(answer);
            if (seen.outcome == Outcome::decides) {
                out_.steps.push_back(std::move(seen));
                return;
            }
            if (best.outcome == Outcome::nothing) best = std::move(seen);
        }
        if (!asked && (step == "ispdb" || step == "mx")) best.outcome = Outcome::not_asked;
        out_.steps.push_back(std::move(best));
    }

    ProgramStep read(const SourceAnswer& answer) {
        ProgramStep seen{.step = answer.step, .detail = answer.place};
        switch (answer.outcome) {
            case SourceAnswer::Outcome::nothing:
                seen.outcome = Outcome::nothing;
                return seen;
            case SourceAnswer::Outcome::unreachable:
                seen.outcome = Outcome::not_reached;
                seen.detail = answer.detail;
                return seen;
            case SourceAnswer::Outcome::faulty:
                seen.outcome = Outcome::thrown_away;
                seen.detail = answer.detail;
                return seen;
            case SourceAnswer::Outcome::settings:
                break;
        }
        for (const DocumentFault& fault : answer.document.faults) {
            if (std::ranges::find(fault.dropped_by, program_.id) == fault.dropped_by.end()) continue;
            seen.outcome = Outcome::thrown_away;
            seen.detail = fault.text;
            return seen;
        }
        const ServerSetting* incoming = first_usable(answer.document.settings.incoming);
        const ServerSetting* outgoing = first_usable(answer.document.settings.outgoing);
        if (incoming == nullptr || outgoing == nullptr) {
            seen.outcome = Outcome::thrown_away;
            seen.detail = incoming == nullptr ? "it names no incoming server that this program takes"
                                              : "it names no outgoing server that this program takes";
            return seen;
        }
        seen.outcome = Outcome::decides;
        take(answer.step, *incoming, *outgoing);
        return seen;
    }

    const ServerSetting* first_usable(const std::vector<ServerSetting>& servers) const {
        const auto found = std::ranges::find_if(servers, [&](const ServerSetting& server) {
            if (server.protocol == Protocol::pop3 && !program_.pop3) return false;
            return server.security != Security::none || program_.without_encryption;
        });
        return found == servers.end() ? nullptr : &*found;
    }

    void take(std::string_view step, const ServerSetting& incoming, const ServerSetting& outgoing) {
        out_.decided_by = step;
        out_.incoming = incoming;
        out_.outgoing = outgoing;
        out_.ending = step == "guess" ? Ending::guessed : Ending::automatic;
    }

    const PublishedServer* tried(const ServerSetting& setting) const {
        const auto found = std::ranges::find_if(input_.servers, [&](const PublishedServer& s) {
            return s.setting.host == setting.host && s.setting.port == setting.port &&
                   s.setting.protocol == setting.protocol && s.setting.security == setting.security;
        });
        return found == input_.servers.end() ? nullptr : &*found;
    }

    const ServerSetting* guessed(Role role) const {
        const auto& order = program_.guesses == LookupStyle::deltachat ? input_.deltachat_guesses
                                                                       : input_.thunderbird_guesses;
        for (const PortTry& entry : order) {
            if (role_of(entry.protocol) != role || entry.security == Security::none) continue;
            const auto host = HostName::from(entry.host);
            if (!host) continue;
            const PublishedServer* server = tried(
                {.protocol = entry.protocol, .host = *host, .port = entry.port, .security = entry.security});
            if (server == nullptr) continue;
            const bool believed = program_.guess_believes_starttls && entry.security == Security::starttls &&
                                  server->starttls_word;
            if (server->works == true || believed) return &server->setting;
        }
        return nullptr;
    }

    void guess() {
        const ServerSetting *incoming = guessed(Role::incoming), *outgoing = guessed(Role::outgoing);
        if (incoming == nullptr || outgoing == nullptr) return note_step("guess", Outcome::nothing);
        note_step("guess", Outcome::decides);
        take("guess", *incoming, *outgoing);
    }

    void conclude() {
        if (decided()) {
            const PublishedServer *incoming = tried(*out_.incoming), *outgoing = tried(*out_.outgoing);
            const bool fails = (incoming != nullptr && incoming->works == false) ||
                               (outgoing != nullptr && outgoing->works == false);
            const bool both = incoming != nullptr && incoming->works == true && outgoing != nullptr &&
                              outgoing->works == true;
            if (fails || both) out_.works = both;
        }
        const bool open = std::ranges::any_of(out_.steps, [](const ProgramStep& step) {
            return step.outcome == Outcome::not_asked || step.outcome == Outcome::not_visible;
        });
        if (out_.ending != Ending::automatic && open && !(decided() && out_.ending == Ending::guessed))
            out_.ending = Ending::not_known;
    }

    const MailProgram& program_;
    const SimulationInput& input_;
    ProgramOutcome out_{};
};

}  // namespace

std::span<const MailProgram> mail_programs() noexcept {
    return programs;
}

std::vector<ProgramOutcome> simulate_programs(const SimulationInput& input) {
    std::vector<ProgramOutcome> outcomes;
    for (const MailProgram& program : programs)
        outcomes.push_back(Simulation(program, input).run());
    return outcomes;
}

}  // namespace maildoctor::diagnose
