// What a validation says to people: findings first, then who says what, then what each mail program makes of
// it.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <set>

#include "core/report/clean.h"
#include "core/report/validation.h"

namespace maildoctor::report {
namespace {

struct Words {
    std::string_view english, german;
};

constexpr Words servers_heading{"Published servers", "Veröffentlichte Server"},
    sources_heading{"Who says what", "Wer was sagt"},
    programs_heading{"What mail programs end up with", "Was Mailprogramme daraus machen"},
    policy_heading{"Your policy", "Ihre Vorgaben"},
    answers_heading{"Answers of several connections", "Antworten mehrerer Verbindungen"},
    server_column{"Server", "Server"}, by_column{"Published by", "Veröffentlicht von"},
    works_column{"Works", "Funktioniert"}, source_column{"Source", "Quelle"},
    other_column{"Otherwise", "Sonst"}, program_column{"Program", "Programm"},
    in_column{"Receives with", "Empfängt mit"}, out_column{"Sends with", "Sendet mit"},
    why_column{"Decided by", "Entschieden durch"}, yes_word{"yes", "ja"}, no_word{"no", "nein"},
    untested{"not tested", "nicht geprüft"}, not_offered{"not offered", "nicht angeboten"},
    nobody{"nobody (found by its name)", "niemand (am Namen gefunden)"}, by_hand{"by hand", "von Hand"},
    unprotected{"not protected", "ungeschützt"}, rule_column{"Rule", "Regel"}, met_column{"Met", "Erfüllt"},
    seen_column{"Seen", "Gesehen"},
    unseen{"(was not asked, and may know more)", "(nicht gefragt; weiß vielleicht mehr)"},
    count_column{"Connections", "Verbindungen"}, answer_column{"Answer", "Antwort"},
    programs_differ{"The programs do not end up with the same servers.",
                    "Die Programme kommen nicht zu denselben Servern."};

struct StepWords {
    std::string_view step;
    Words words;
};
constexpr std::array<StepWords, 18> step_words = {{
    {"srv", {"SRV records", "SRV-Einträge"}},
    {"autoconfig-https", {"autoconfig", "autoconfig"}},
    {"well-known-https", {"autoconfig (.well-known)", "autoconfig (.well-known)"}},
    {"autoconfig-http", {"autoconfig over HTTP", "autoconfig über HTTP"}},
    {"well-known-http", {"autoconfig (.well-known) over HTTP", "autoconfig (.well-known) über HTTP"}},
    {"autodiscover-sub", {"Autodiscover (subdomain)", "Autodiscover (Subdomain)"}},
    {"autodiscover-root", {"Autodiscover (domain)", "Autodiscover (Domain)"}},
    {"autodiscover-http", {"Autodiscover (redirect over HTTP)", "Autodiscover (Umleitung über HTTP)"}},
    {"autodiscover-srv", {"Autodiscover (SRV)", "Autodiscover (SRV)"}},
    {"autodiscover-json", {"Autodiscover (JSON)", "Autodiscover (JSON)"}},
    {"pacc", {"PACC", "PACC"}},
    {"ispdb", {"Mozilla's database", "Mozillas Datenbank"}},
    {"mx", {"autoconfig of the MX's domain", "autoconfig der Domain des MX"}},
    {"provider", {"built-in list", "eingebaute Liste"}},
    {"guess", {"usual names", "übliche Namen"}},
    {"vendor-service", {"a service of its maker", "ein Dienst des Herstellers"}},
    {"vendor-list", {"its maker's list", "die Liste des Herstellers"}},
    {"profile", {"a profile", "ein Profil"}},
}};

class ValidationComposer {
public:
    ValidationComposer(const Validation& validation, const ComposeOptions& options)
        : validation_(validation), options_(options) {}

    Document compose() {
        servers();
        answers();
        sources();
        programs();
        policy();
        ComposeOptions options = options_;
        options.instead_of_settings = std::move(blocks_);
        options.files = true;
        return report::compose(validation_.report, options);
    }

private:
    std::string say(const Words& words) const {
        return std::string(options_.language == Language::german ? words.german : words.english);
    }
    std::string step_text(std::string_view step) const {
        const auto found = std::ranges::find(step_words, step, &StepWords::step);
        return found == step_words.end() ? std::string(step) : say(found->words);
    }
    void heading(const Words& words) {
        blocks_.push_back({.kind = Block::Kind::heading, .text = say(words)});
    }

    /// "mail.example.org:993 (SSL/TLS)"
    std::string place_of(const ServerSetting& setting) const {
        return subject_text({.host = setting.host.text(), .port = setting.port, .security = setting.security},
                            options_.language);
    }
    std::string whole(const ServerSetting& setting) const {
        return fmt::format("{} {}", protocol_name(setting.protocol), place_of(setting));
    }

    void servers() {
        Block table{.kind = Block::Kind::table};
        table.rows.push_back({say(server_column), say(by_column), say(works_column)});
        for (const PublishedServer& server : validation_.servers) {
            if (!server.published() && server.works != true) continue;
            std::string by;
            for (const std::string& source : server.sources)
                by += (by.empty() ? "" : ", ") + source;
            std::string works = !server.works ? say(untested) : *server.works ? say(yes_word) : say(no_word);
            if (server.cause) works += fmt::format(": {}", cause_id(*server.cause));
            table.rows.push_back(
                {whole(server.setting), server.published() ? by : say(nobody), std::move(works)});
        }
        if (table.rows.size() == 1) return;
        heading(servers_heading);
        blocks_.push_back(std::move(table));
    }

    void answers() {
        if (validation_.answers.empty()) return;
        heading(answers_heading);
        Block table{.kind = Block::Kind::table};
        table.rows.push_back({say(server_column), say(count_column), say(answer_column)});
        for (const AnswerGroup& group : validation_.answers) {
            std::string addresses;
            for (const std::string& address : group.addresses)
                addresses += (addresses.empty() ? " [" : ", ") + address;
            table.rows.push_back({fmt::format("{}:{}{}", group.host, group.port.number(),
                                              addresses.empty() ? "" : addresses + "]"),
                                  std::to_string(group.count), cleaned(group.answer)});
        }
        blocks_.push_back(std::move(table));
    }

    /// What one source names for a protocol, in one cell.
    std::string cell(const SourceAnswer& source, Protocol protocol) const {
        std::string text;
        const auto& settings = source.document.settings;
        for (const ServerSetting& setting :
             protocol == Protocol::smtp ? settings.outgoing : settings.incoming) {
            if (setting.protocol != protocol) continue;
            text += (text.empty() ? "" : ", ") + place_of(setting);
            if (setting.username_form) text += " " + cleaned(*setting.username_form);
        }
        if (text.empty() && source.source == "srv") {
            constexpr std::array<std::string_view, 3> prefixes = {"_submission", "_pop3", "_imap"};
            const std::string_view prefix = prefixes[static_cast<std::size_t>(protocol)];
            for (const DnsFacts& facts : source.records)
                if (facts.name.starts_with(prefix) && facts.srv.size() == 1 &&
                    facts.srv.front().target.empty())
                    return say(not_offered);
        }
        return text;
    }

    void sources() {
        Block table{.kind = Block::Kind::table};
        table.rows.push_back({say(source_column), "IMAP", "POP3", "SMTP", say(other_column)});
        for (const SourceAnswer& source : validation_.sources) {
            if (source.outcome == SourceAnswer::Outcome::nothing && !options_.verbose &&
                source.source != "srv")
                continue;
            std::string remark;
            if (source.outcome != SourceAnswer::Outcome::settings)
                remark = word(source.outcome);
            else if (!source.trusted && source.source.ends_with("-http"))
                remark = say(unprotected);
            if (!source.detail.empty()) remark += (remark.empty() ? "" : ": ") + cleaned(source.detail);
            table.rows.push_back({step_text(source.step.empty() ? source.source : source.step),
                                  cell(source, Protocol::imap), cell(source, Protocol::pop3),
                                  cell(source, Protocol::smtp), std::move(remark)});
        }
        if (table.rows.size() == 1) return;
        heading(sources_heading);
        blocks_.push_back(std::move(table));
    }

    std::string ending(const ProgramOutcome& program) const {
        std::string text;
        if (!program.decided_by.empty()) {
            text = step_text(program.decided_by);
        } else if (program.ending == ProgramOutcome::Ending::not_known && !program.steps.empty()) {
            const auto open = std::ranges::find_if(program.steps, [](const ProgramStep& step) {
                return step.outcome == ProgramStep::Outcome::not_asked ||
                       step.outcome == ProgramStep::Outcome::not_visible;
            });
            text =
                open == program.steps.end() ? "?" : fmt::format("{} {}", step_text(open->step), say(unseen));
        } else {
            text = say(by_hand);
        }
        if (program.works)
            text += fmt::format(" ({}: {})", say(works_column),
                                program.works.value() ? say(yes_word) : say(no_word));
        return text;
    }

    void programs() {
        if (validation_.programs.empty()) return;
        heading(programs_heading);
        Block table{.kind = Block::Kind::table};
        table.rows.push_back({say(program_column), say(in_column), say(out_column), say(why_column)});
        std::set<std::string> ends;
        for (const ProgramOutcome& program : validation_.programs) {
            const std::string in = program.incoming ? whole(*program.incoming) : "";
            const std::string out = program.outgoing ? place_of(*program.outgoing) : "";
            if (!in.empty()) ends.insert(in + " " + out);
            std::vector<std::string> row{program.name, in, out, ending(program)};
            const auto same = std::ranges::find_if(table.rows, [&](const std::vector<std::string>& other) {
                return std::equal(other.begin() + 1, other.end(), row.begin() + 1, row.end());
            });
            if (same == table.rows.end()) {
                table.rows.push_back(std::move(row));
            } else {
                same->front() += ", " + row.front();
            }
        }
        blocks_.push_back(std::move(table));
        if (ends.size() > 1)
            blocks_.push_back({.kind = Block::Kind::paragraph, .text = say(programs_differ)});
        if (options_.verbose) program_steps();
    }

    void program_steps() {
        Block list{.kind = Block::Kind::bullets};
        for (const ProgramOutcome& program : validation_.programs) {
            std::string way;
            for (const ProgramStep& step : program.steps)
                way += fmt::format("{}{}: {}", way.empty() ? "" : "; ", step_text(step.step),
                                   word(step.outcome));
            if (!program.note.empty()) way += (way.empty() ? "" : ". ") + program.note;
            list.items.push_back({.label = program.name, .text = std::move(way)});
        }
        blocks_.push_back(std::move(list));
    }

    void policy() {
        if (validation_.policy.empty()) return;
        heading(policy_heading);
        Block table{.kind = Block::Kind::table};
        table.rows.push_back({say(rule_column), say(met_column), say(seen_column)});
        for (const PolicyLine& line : validation_.policy)
            table.rows.push_back({fmt::format("{} = {}", line.rule, cleaned(line.wanted)),
                                  line.met == Answer::yes  ? say(yes_word)
                                  : line.met == Answer::no ? say(no_word)
                                                           : say(untested),
                                  cleaned(line.because)});
        blocks_.push_back(std::move(table));
    }

    const Validation& validation_;
    const ComposeOptions& options_;
    std::vector<Block> blocks_{};
};

}  // namespace

Document compose_validation(const Validation& validation, const ComposeOptions& options) {
    return ValidationComposer(validation, options).compose();
}

std::string server_text(const ServerSetting& setting) {
    return fmt::format("{} {}:{} {}", word(setting.protocol), setting.host.text(), setting.port.number(),
                       word(setting.security));
}

}  // namespace maildoctor::report
