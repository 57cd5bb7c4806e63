#include "core/report/survey_blocks.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "core/model/dialog.h"
#include "core/model/tls_survey.h"
#include "core/report/clean.h"
#include "core/report/facts_words.h"
#include "core/report/times.h"

namespace maildoctor::report {
namespace {

constexpr std::int64_t day = 86400;

/// One survey as a list. German where the reader is German.
class Survey {
public:
    Survey(const Observation& seen, std::int64_t now, Language language)
        : seen_(seen), survey_(*seen.survey), now_(now), german_(language == Language::german) {}

    std::vector<Item> items() {
        versions();
        for (const VersionSeen& version : survey_.versions)
            ciphers(version);
        key_exchange();
        if (seen_.tls && !seen_.tls->chain.empty()) certificate(*seen_.tls);
        sessions();
        protection();
        clients();
        return std::move(items_);
    }

private:
    std::string say(const char* english, const char* german) const { return german_ ? german : english; }

    std::string say(Answer answer) const {
        if (answer == Answer::yes) return say("yes", "ja");
        return answer == Answer::no ? say("no", "nein") : say("not tested", "nicht getestet");
    }

    void add(std::string label, std::string text) {
        items_.push_back({.label = std::move(label), .text = cleaned(text)});
    }

    static void append(std::string& list, std::string_view word) {
        if (!list.empty()) list += ", ";
        list += word;
    }

    void versions() {
        std::string offered, refused, open;
        for (const VersionSeen& version : survey_.versions)
            append(version.offered == Answer::yes  ? offered
                   : version.offered == Answer::no ? refused
                                                   : open,
                   version_name(version.version));
        std::string text = offered.empty() ? say("none", "keine") : offered;
        if (!refused.empty()) text += fmt::format("; {}: {}", say("not", "nicht"), refused);
        if (!open.empty()) text += fmt::format("; {}: {}", say("not tested", "nicht getestet"), open);
        add(say("Versions", "Versionen"), std::move(text));
    }

    std::string strength(CipherStrength strength) const {
        switch (strength) {
            case CipherStrength::weak:
                return say(" (weak)", " (schwach)");
            case CipherStrength::broken:
                return say(" (no protection)", " (kein Schutz)");
            default:
                return {};
        }
    }

    void ciphers(const VersionSeen& version) {
        if (version.ciphers.empty()) return;
        std::string text;
        for (const CipherSeen& cipher : version.ciphers)
            append(text, cipher.name + strength(cipher.strength));
        if (!version.complete) text += say("; there may be more", "; vielleicht noch mehr");
        const std::string order = version.own_order == Answer::yes
                                      ? say(", in the server's order", ", in der Reihenfolge des Servers")
                                  : version.own_order == Answer::no
                                      ? say(", the program chooses", ", das Programm wählt")
                                      : "";
        add(std::string(version_name(version.version)) + order, std::move(text));
    }

    void key_exchange() {
        std::string text;
        for (const GroupSeen& group : survey_.groups)
            append(text, group.name);
        if (survey_.dh_bits > 0) append(text, fmt::format("DH {} bit", survey_.dh_bits));
        if (!text.empty()) add(say("Key exchange", "Schlüsselaustausch"), std::move(text));
    }

    std::string revocation(const TlsFacts& tls) const {
        switch (tls.revocation) {
            case Revocation::good:
                return fmt::format("{} ({})", say("not revoked", "nicht widerrufen"), tls.revocation_source);
            case Revocation::revoked:
                return fmt::format("{} ({})", say("REVOKED", "WIDERRUFEN"), tls.revocation_source);
            default:
                return say("revocation not tested", "Widerruf nicht geprüft");
        }
    }

    void certificate(const TlsFacts& tls) {
        const CertificateFacts& leaf = tls.chain.front();
        const std::int64_t left = (leaf.not_after - now_) / day;
        std::string text =
            fmt::format("{}, {}, {} {}, {} {}", leaf.subject, leaf.key, say("signed with", "Signatur"),
                        leaf.signature, say("issued by", "ausgestellt von"), leaf.issuer);
        text += left >= 0
                    ? fmt::format("; {} {} ({} {})", say("ends", "endet"),
                                  rfc3339(leaf.not_after).substr(0, 10), left, say("days left", "Tage übrig"))
                    : fmt::format("; {} {}", say("ended", "endete"), rfc3339(leaf.not_after).substr(0, 10));
        add(say("Certificate", "Zertifikat"), std::move(text));
        std::string chain = tls.chain.size() == 1
                                ? say("1 certificate", "1 Zertifikat")
                                : fmt::format("{} {}", tls.chain.size(), say("certificates", "Zertifikate"));
        chain += tls.chain_in_order ? say(" in order", " in richtiger Reihenfolge")
                                    : say(" OUT OF ORDER", " in FALSCHER Reihenfolge");
        if (tls.root_sent) chain += say(", the root needlessly among them", ", die Wurzel unnötig dabei");
        for (const ChainFault fault : tls.faults)
            chain += fmt::format(", {}", word(fault));
        chain += fmt::format(
            "; {}: {}", say("stapled OCSP answer", "angeheftete OCSP-Antwort"),
            tls.staple == Revocation::not_checked ? say("none", "keine") : std::string(word(tls.staple)));
        chain += fmt::format("; {}", revocation(tls));
        chain += fmt::format("; {} {}", tls.scts, say("transparency timestamps", "Transparenz-Zeitstempel"));
        add(say("Chain", "Kette"), std::move(chain));
    }

    void sessions() {
        std::string text;
        const auto part = [&](const char* name, Answer answer) {
            if (answer != Answer::unknown) append(text, fmt::format("{} {}", name, say(answer)));
        };
        part("TLS 1.3 PSK", survey_.resumes_psk);
        part(german_ ? "Tickets" : "tickets", survey_.resumes_tickets);
        part(german_ ? "Sitzungsnummern" : "session ids", survey_.resumes_ids);
        if (!text.empty())
            add(say("Sessions are taken up again", "Wiederaufnahme von Sitzungen"), std::move(text));
    }

    void protection() {
        std::string text;
        const auto part = [&](std::string name, Answer answer) {
            if (answer != Answer::unknown) append(text, fmt::format("{} {}", name, say(answer)));
        };
        part(say("compression", "Kompression"), survey_.compression);
        part(say("secure renegotiation", "sichere Neuaushandlung"), survey_.secure_renegotiation);
        part(say("renegotiation by the client", "Neuaushandlung durch das Programm"),
             survey_.client_renegotiation);
        part(say("downgrade protection", "Schutz vor Herabstufung"), survey_.downgrade_protection);
        part("extended master secret", survey_.extended_master_secret);
        if (!text.empty()) add(say("Settings", "Einstellungen"), std::move(text));
    }

    std::string obstacle(const ClientTrial& trial) const {
        switch (trial.obstacle) {
            case Obstacle::version:
                return trial.best_version +
                       say(" is the newest that they offer", " ist das Neueste, was sie bieten");
            case Obstacle::cipher:
                return say("no cipher in common", "kein gemeinsames Verfahren");
            default:
                return trial.because;
        }
    }

    void clients() {
        std::string in;
        std::vector<std::pair<std::string, std::string>> out;  // by reason, as they come
        for (const ClientTrial& trial : survey_.clients) {
            if (trial.connects == Answer::yes) append(in, trial.name);
            if (trial.connects != Answer::no) continue;
            const std::string why = obstacle(trial);
            auto place = std::ranges::find(out, why, &std::pair<std::string, std::string>::first);
            if (place == out.end()) place = out.insert(place, {why, {}});
            append(place->second, trial.name);
        }
        if (!in.empty()) add(say("These mail programs can connect", "Diese Mailprogramme kommen hinein"), in);
        for (auto& [why, names] : out)
            add(fmt::format("{} ({})", say("These can't connect here", "Diese nicht"), why),
                std::move(names));
    }

    const Observation& seen_;
    const TlsSurvey& survey_;
    std::int64_t now_;
    bool german_;
    std::vector<Item> items_;
};

}  // namespace

std::vector<Block> survey_blocks(const Report& report, Language language) {
    std::vector<Block> blocks;
    for (const Observation& seen : report.observations) {
        if (!seen.survey || seen.probe != survey_probe) continue;
        blocks.push_back({.kind = Block::Kind::heading,
                          .text = fmt::format("{} {}", language == Language::german ? "TLS von" : "TLS of",
                                              subject_text(seen.subject, language))});
        blocks.push_back(
            {.kind = Block::Kind::bullets, .items = Survey(seen, report.started, language).items()});
    }
    return blocks;
}

}  // namespace maildoctor::report
