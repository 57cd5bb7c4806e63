#include "gui/model/call_script.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstdint>

#include "core/knowledge/texts.h"

namespace maildoctor::gui {
namespace {

/// What callers call about, and how often: shares of calls to a helpdesk, roughly.
struct Prior {
    Cause cause;
    double weight;
};
constexpr std::array priors = {
    Prior{Cause::auth_bad_credentials, 24},
    Prior{Cause::client_misconfigured, 14},
    Prior{Cause::auth_app_password_required, 8},
    Prior{Cause::net_timeout, 7},
    Prior{Cause::client_offline, 6},
    Prior{Cause::mailbox_over_quota, 6},
    Prior{Cause::auth_required_to_send, 6},
    Prior{Cause::dns_host_not_found, 5},
    Prior{Cause::client_security_software, 5},
    Prior{Cause::net_port_blocked, 4},
    Prior{Cause::tls_name_mismatch, 4},
    Prior{Cause::smtp_recipient_unknown, 4},
    Prior{Cause::auth_account_locked, 3},
    Prior{Cause::smtp_service_unavailable, 3},
    Prior{Cause::tls_certificate_expired, 2},
    Prior{Cause::client_clock_wrong, 2},
    Prior{Cause::client_too_old, 2},
    Prior{Cause::smtp_content_rejected, 2},
    Prior{Cause::smtp_message_too_large, 2},
    Prior{Cause::client_store_damaged, 2},
};

/// An answer and the causes that make it likelier (factor > 1) or unlikelier (< 1) than for the others.
struct Weight {
    Cause cause;
    double factor;
};
struct AnswerRow {
    Text text;
    double usual;  ///< how often causes without a factor lead to this answer
    std::vector<Weight> weights;
};
struct QuestionRow {
    Text text;
    std::vector<AnswerRow> answers;
};

const std::vector<QuestionRow>& questions() {
    using enum Cause;
    static const std::vector<QuestionRow> rows = {
        {{"What does not work?", "Was geht nicht?"},
         {{{"receiving", "Empfangen"},
           0.25,
           {{mailbox_over_quota, 2.5},
            {auth_bad_credentials, 1.2},
            {auth_required_to_send, 0.02},
            {net_port_blocked, 0.2},
            {smtp_recipient_unknown, 0.02},
            {smtp_content_rejected, 0.02},
            {smtp_message_too_large, 0.02},
            {client_store_damaged, 2}}},
          {{"sending", "Senden"},
           0.25,
           {{auth_required_to_send, 3.8},
            {net_port_blocked, 3.4},
            {smtp_recipient_unknown, 3.8},
            {smtp_content_rejected, 3.8},
            {smtp_message_too_large, 3.8},
            {client_offline, 0.1},
            {mailbox_over_quota, 0.4},
            {client_store_damaged, 0.8}}},
          {{"both", "beides"},
           0.5,
           {{client_offline, 1.8},
            {auth_required_to_send, 0.04},
            {smtp_recipient_unknown, 0.02},
            {smtp_content_rejected, 0.02},
            {smtp_message_too_large, 0.02},
            {mailbox_over_quota, 0.3},
            {net_port_blocked, 0.2}}}}},
        {{"Do web pages open on this device?", "Öffnen sich Webseiten auf diesem Gerät?"},
         {{{"yes", "ja"}, 0.97, {{client_offline, 0.05}}}, {{"no", "nein"}, 0.03, {{client_offline, 30}}}}},
        {{"Can the caller log in to web mail with the same password?",
          "Kann sich der Anrufer mit demselben Passwort im Webmail anmelden?"},
         {{{"yes", "ja"},
           0.85,
           {{auth_bad_credentials, 0.35},
            {auth_account_locked, 0.1},
            {smtp_service_unavailable, 0.4},
            {client_offline, 0.05}}},
          {{"no", "nein"},
           0.15,
           {{auth_bad_credentials, 4.5},
            {auth_account_locked, 6},
            {smtp_service_unavailable, 4},
            {client_offline, 6}}}}},
        {{"Did it ever work with this program?", "Hat es mit diesem Programm schon einmal funktioniert?"},
         {{{"yes, until now", "ja, bis jetzt"},
           0.8,
           {{client_misconfigured, 0.15}, {auth_required_to_send, 0.4}, {dns_host_not_found, 0.5}}},
          {{"no, just set up", "nein, gerade eingerichtet"},
           0.2,
           {{client_misconfigured, 4.2},
            {auth_app_password_required, 2.5},
            {auth_required_to_send, 3.2},
            {dns_host_not_found, 3},
            {mailbox_over_quota, 0.1},
            {client_store_damaged, 0.1}}}}},
        {{"Was the password changed lately, or two-step login switched on?",
          "Wurde vor kurzem das Passwort geändert oder die Anmeldung in zwei Schritten eingeschaltet?"},
         {{{"the password", "das Passwort"}, 0.08, {{auth_bad_credentials, 6}, {auth_account_locked, 4}}},
          {{"two-step login", "zwei Schritte"}, 0.04, {{auth_app_password_required, 18}}},
          {{"neither", "keines von beiden"},
           0.88,
           {{auth_app_password_required, 0.3}, {auth_bad_credentials, 0.6}}}}},
        {{"Does the program ask for the password again and again?",
          "Fragt das Programm immer wieder nach dem Passwort?"},
         {{{"yes", "ja"},
           0.06,
           {{auth_bad_credentials, 13}, {auth_app_password_required, 13}, {auth_account_locked, 9}}},
          {{"no", "nein"},
           0.94,
           {{auth_bad_credentials, 0.25}, {auth_app_password_required, 0.25}, {auth_account_locked, 0.5}}}}},
        {{"Does mail work on another device or by mobile data?",
          "Geht die Mail auf einem anderen Gerät oder über Mobilfunk?"},
         {{{"yes", "ja"},
           0.6,
           {{smtp_service_unavailable, 0.03},
            {auth_account_locked, 0.1},
            {mailbox_over_quota, 0.1},
            {tls_certificate_expired, 0.3},
            {client_security_software, 1.5},
            {net_port_blocked, 1.5},
            {client_misconfigured, 1.4},
            {client_clock_wrong, 1.6}}},
          {{"no", "nein"},
           0.4,
           {{smtp_service_unavailable, 2.4},
            {auth_account_locked, 2.2},
            {mailbox_over_quota, 2.3},
            {tls_certificate_expired, 1.8},
            {client_clock_wrong, 0.1},
            {client_security_software, 0.2},
            {net_port_blocked, 0.3}}}}},
        {{"Does the program warn about a certificate or a secure connection?",
          "Warnt das Programm vor einem Zertifikat oder einer unsicheren Verbindung?"},
         {{{"yes", "ja"},
           0.04,
           {{tls_name_mismatch, 22},
            {tls_certificate_expired, 22},
            {client_clock_wrong, 20},
            {client_security_software, 7}}},
          {{"no", "nein"},
           0.96,
           {{tls_name_mismatch, 0.1}, {tls_certificate_expired, 0.1}, {client_clock_wrong, 0.2}}}}},
        {{"Is the date on the device right?", "Stimmt das Datum auf dem Gerät?"},
         {{{"yes", "ja"}, 0.99, {{client_clock_wrong, 0.05}}},
          {{"no", "nein"}, 0.01, {{client_clock_wrong, 95}}}}},
        {{"What does the message say?", "Was steht in der Meldung?"},
         {{{"something about the password or login", "etwas zu Passwort oder Anmeldung"},
           0.05,
           {{auth_bad_credentials, 15},
            {auth_app_password_required, 15},
            {auth_account_locked, 13},
            {auth_required_to_send, 6}}},
          {{"not found, or no connection", "nicht gefunden, oder keine Verbindung"},
           0.25,
           {{dns_host_not_found, 3.5},
            {net_timeout, 3.2},
            {client_offline, 3.2},
            {net_port_blocked, 3.2},
            {client_security_software, 2},
            {auth_bad_credentials, 0.1},
            {mailbox_over_quota, 0.05},
            {smtp_recipient_unknown, 0.05}}},
          {{"a message came back (undeliverable)", "eine Nachricht kam zurück (unzustellbar)"},
           0.03,
           {{smtp_recipient_unknown, 28}, {smtp_content_rejected, 20}, {smtp_message_too_large, 18}}},
          {{"full, or quota", "voll, oder Speicherplatz"}, 0.01, {{mailbox_over_quota, 80}}},
          {{"something else", "etwas anderes"},
           0.66,
           {{mailbox_over_quota, 0.25},
            {smtp_recipient_unknown, 0.15},
            {auth_bad_credentials, 0.25},
            {auth_app_password_required, 0.25}}}}},
        {{"Is an antivirus program with mail scan installed?",
          "Ist ein Virenschutz mit Mailprüfung installiert?"},
         {{{"yes", "ja"}, 0.3, {{client_security_software, 3.2}}},
          {{"no", "nein"}, 0.7, {{client_security_software, 0.05}}}}},
        {{"How old is the program or the device?", "Wie alt ist das Programm oder das Gerät?"},
         {{{"ten years or more", "zehn Jahre oder mehr"}, 0.08, {{client_too_old, 11}}},
          {{"newer", "neuer"}, 0.92, {{client_too_old, 0.1}}}}},
        {{"Does sending fail only to one recipient, or with a large attachment?",
          "Scheitert das Senden nur an einen Empfänger oder mit großem Anhang?"},
         {{{"one recipient", "ein Empfänger"},
           0.02,
           {{smtp_recipient_unknown, 45}, {smtp_content_rejected, 10}}},
          {{"a large attachment", "großer Anhang"}, 0.01, {{smtp_message_too_large, 90}}},
          {{"always", "immer"},
           0.97,
           {{smtp_recipient_unknown, 0.05}, {smtp_message_too_large, 0.05}, {smtp_content_rejected, 0.6}}}}},
        {{"Is the caller in a hotel, a company or another foreign network?",
          "Ist der Anrufer in einem Hotel, einer Firma oder einem anderen fremden Netz?"},
         {{{"yes", "ja"}, 0.1, {{net_port_blocked, 6}, {net_timeout, 3}}},
          {{"no", "nein"}, 0.9, {{net_port_blocked, 0.4}, {net_timeout, 0.8}}}}},
    };
    return rows;
}

constexpr double clear_share = 0.75;  // one cause at or above this is told as the result
constexpr double least_gain = 0.04;   // bits; a question that tells less is not worth asking
constexpr std::size_t most_questions = 10;
constexpr double shown_share = 0.05;  // causes below are not worth naming

/// How likely a cause leads to each answer of a question; sums to 1.
std::vector<double> likelihoods(const QuestionRow& question, Cause cause) {
    std::vector<double> values;
    double sum = 0;
    for (const AnswerRow& answer : question.answers) {
        double value = answer.usual;
        for (const Weight& weight : answer.weights)
            if (weight.cause == cause) value *= weight.factor;
        values.push_back(value);
        sum += value;
    }
    for (double& value : values)
        value /= sum;
    return values;
}

double entropy(const std::vector<double>& shares) {
    double bits = 0;
    for (const double share : shares)
        if (share > 0) bits -= share * std::log2(share);
    return bits;
}

void normalise(std::vector<double>& shares) {
    double sum = 0;
    for (const double share : shares)
        sum += share;
    for (double& share : shares)
        share /= sum;
}

}  // namespace

CallScript::CallScript() {
    recompute();
}

void CallScript::recompute() {
    shares_.clear();
    for (const Prior& prior : priors)
        shares_.push_back(prior.weight);
    for (const Given& given : given_) {
        const QuestionRow& question = questions()[given.question];
        if (given.choice >= question.answers.size()) continue;  // not known: tells nothing
        for (std::size_t i = 0; i < priors.size(); ++i)
            shares_[i] *= likelihoods(question, priors[i].cause)[given.choice];
    }
    normalise(shares_);
}

bool CallScript::asked(std::size_t number) const {
    return std::ranges::find(given_, number, &Given::question) != given_.end();
}

double CallScript::expected_gain(std::size_t number) const {
    const QuestionRow& question = questions()[number];
    double left = 0;
    for (std::size_t choice = 0; choice < question.answers.size(); ++choice) {
        std::vector<double> after = shares_;
        double chance = 0;
        for (std::size_t i = 0; i < priors.size(); ++i) {
            after[i] *= likelihoods(question, priors[i].cause)[choice];
            chance += after[i];
        }
        if (chance <= 0) continue;
        normalise(after);
        left += chance * entropy(after);
    }
    return entropy(shares_) - left;
}

bool CallScript::is_clear() const {
    return *std::ranges::max_element(shares_) >= clear_share;
}

std::optional<std::size_t> CallScript::next() const {
    if (is_clear() || given_.size() >= most_questions) return std::nullopt;
    std::optional<std::size_t> best;
    double most = least_gain;
    for (std::size_t number = 0; number < questions().size(); ++number) {
        if (asked(number)) continue;
        const double gain = expected_gain(number);
        if (gain <= most) continue;
        most = gain;
        best = number;
    }
    return best;
}

Text CallScript::question(std::size_t number) const {
    return questions()[number].text;
}

std::vector<Text> CallScript::answers(std::size_t number) const {
    std::vector<Text> texts;
    for (const AnswerRow& answer : questions()[number].answers)
        texts.push_back(answer.text);
    return texts;
}

void CallScript::answer(std::size_t number, std::size_t choice) {
    given_.push_back({number, choice});
    recompute();
}

void CallScript::back() {
    if (!given_.empty()) given_.pop_back();
    recompute();
}

void CallScript::restart() {
    given_.clear();
    recompute();
}

std::vector<Suspect> CallScript::suspects(Language language) const {
    std::vector<Suspect> all;
    for (std::size_t i = 0; i < priors.size(); ++i)
        all.push_back({.cause = priors[i].cause, .share = shares_[i]});
    std::ranges::sort(all, std::greater<>{}, &Suspect::share);
    constexpr std::size_t most_named = 5;
    all.resize(std::min(most_named, all.size()));
    for (Suspect& suspect : all) {
        const auto text = knowledge::text_for(suspect.cause, "", "", "", report::tag_of(language));
        suspect.title = knowledge::fill(text.title, {}, report::tag_of(language));
    }
    return all;
}

Report CallScript::report(const Request& request, Language language, const std::string& version) const {
    const std::string_view tag = report::tag_of(language);
    Report report{.version = version};
    report.request = request;
    report.request.for_someone_else = true;
    report.request.language = tag;
    report.started =
        std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch())
            .count();
    std::vector<Evidence> evidence;
    for (const Given& given : given_) {
        const auto choices = answers(given.question);
        if (given.choice >= choices.size()) continue;
        evidence.push_back({.kind = "text",
                            .text = std::string(say::caller_said.in(language)) +
                                    question(given.question).in(language) + " – " +
                                    choices[given.choice].in(language)});
    }
    if (evidence.empty()) return report;
    report.verdict = Verdict::problem;
    for (const Suspect& suspect : suspects(language)) {
        if (!report.findings.empty() && suspect.share < shown_share) break;
        auto text = knowledge::text_for(suspect.cause, "", request.program, "", tag);
        knowledge::fill(text, {}, tag);
        report.findings.push_back(
            {.cause = suspect.cause,
             .severity = report.findings.empty() ? Severity::error : Severity::warning,
             .confidence = suspect.share >= clear_share ? Confidence::likely : Confidence::possible,
             .primary = report.findings.empty(),
             .title = text.title,
             .explanation = text.meaning,
             .why = text.why,
             .actor = text.actor,
             .fixes = text.fixes,
             .evidence = evidence,
             .references = text.references,
             .rule = "call-script"});
    }
    return report;
}

}  // namespace maildoctor::gui
