#include "gui/model/matrix.h"

#include <algorithm>
#include <tuple>

#include "core/model/dialog.h"
#include "core/report/facts_words.h"
#include "core/report/phrases.h"

namespace maildoctor::gui {
namespace {

struct Judgement {
    CellState state{CellState::not_asked};
    std::string summary{};
};

/// Failures that say nothing about the server.
bool tells_nothing(const Failure& failure) {
    return failure.kind == FailureKind::cancelled || failure.kind == FailureKind::out_of_time ||
           failure.kind == FailureKind::not_possible;
}

Judgement failed(const Failure& failure, bool typed, Language language) {
    std::string words(report::failure_phrase(failure.kind, language));
    if (tells_nothing(failure)) return {CellState::unknown, std::move(words)};
    return {typed ? CellState::bad : CellState::closed, std::move(words)};
}

Judgement judge_dns(const Observation& seen) {
    const DnsFacts& dns = *seen.dns;
    std::string words(report::word(dns.status));
    switch (dns.status) {
        case DnsStatus::found:
            return {CellState::good, dns.addresses.empty() ? words : dns.addresses.front().text()};
        case DnsStatus::no_data:
            return {CellState::closed, std::move(words)};
        case DnsStatus::no_answer:
            return {CellState::unknown, std::move(words)};
        default:
            return {CellState::bad, std::move(words)};
    }
}

Judgement judge_port(const Observation& seen, bool typed, Language language) {
    if (connected(seen))
        return {CellState::good, seen.mail && !seen.mail->greeting.empty()
                                     ? std::string(report::word(seen.mail->service))
                                     : std::string(report::phrase(report::Phrase::answers, language))};
    if (seen.failure) return failed(*seen.failure, typed, language);
    return {};
}

Judgement judge_tls(const Observation& seen, bool typed, Language language) {
    if (seen.tls) {
        const TlsFacts& tls = *seen.tls;
        if (tls.completed && !tls.faults.empty())
            return {CellState::bad, std::string(report::word(tls.faults.front()))};
        if (tls.completed)
            return {tls.verified ? tls.weak ? CellState::warning : CellState::good : CellState::bad,
                    tls.version};
        return {typed ? CellState::bad : CellState::warning,
                seen.failure ? std::string(report::failure_phrase(seen.failure->kind, language)) : ""};
    }
    if (!seen.mail || !connected(seen)) return {};
    if (seen.subject.security == Security::none || !seen.mail->starttls_offered)
        return {seen.mail->capabilities_known ? CellState::warning : CellState::not_asked,
                seen.mail->capabilities_known
                    ? std::string(report::phrase(report::Phrase::no_encryption, language))
                    : ""};
    return {};
}

Judgement judge_login(const LoginFacts& login) {
    std::string words(report::word(login.outcome));
    switch (login.outcome) {
        case LoginOutcome::accepted:
            return {CellState::good, std::move(words)};
        case LoginOutcome::refused:
            return {CellState::bad, std::move(words)};
        case LoginOutcome::no_mechanism:
        case LoginOutcome::not_protected:
            return {CellState::warning, std::move(words)};
        default:
            return {CellState::unknown, std::move(words)};
    }
}

Judgement judge_relay(const RelayFacts& relay) {
    std::string words(maildoctor::word(relay.grade));
    switch (relay.grade) {
        case RelayGrade::refused:
        case RelayGrade::asks_for_login:
            return {CellState::good, std::move(words)};
        case RelayGrade::accepts:
        case RelayGrade::accepts_data:
            return {CellState::bad, std::move(words)};
        case RelayGrade::proves_nothing:
        case RelayGrade::not_tested:
            break;
    }
    return {CellState::unknown, std::move(words)};
}

Judgement judge_step(Step step, const Observation& seen, bool typed, Language language) {
    switch (step) {
        case Step::dns:
            return seen.dns ? judge_dns(seen) : Judgement{};
        case Step::port:
            return is_dialog(seen) || is_connect(seen) ? judge_port(seen, typed, language) : Judgement{};
        case Step::tls:
            return is_dialog(seen) ? judge_tls(seen, typed, language) : Judgement{};
        case Step::login:
            return seen.login ? judge_login(*seen.login) : Judgement{};
        case Step::relay:
            return seen.relay ? judge_relay(*seen.relay) : Judgement{};
        case Step::count:
            break;
    }
    return {};
}

/// Several answers to one question: what works counts, a contradiction is a flaw.
void join(Cell& cell, Judgement next) {
    if (next.state == CellState::not_asked) return;
    const auto rank = [](CellState state) {
        switch (state) {
            case CellState::good:
                return 5;
            case CellState::warning:
                return 4;
            case CellState::bad:
                return 3;
            case CellState::closed:
                return 2;
            case CellState::unknown:
                return 1;
            default:
                return 0;
        }
    };
    const bool contradiction = (cell.state == CellState::good && next.state == CellState::bad) ||
                               (cell.state == CellState::bad && next.state == CellState::good);
    if (rank(next.state) > rank(cell.state)) {
        cell.state = next.state;
        cell.summary = std::move(next.summary);
    }
    if (contradiction) cell.state = CellState::warning;
}

bool is_typed(const std::string& source) {
    return source == "typed" || source == "error-text";
}

}  // namespace

std::string MatrixRow::place() const {
    return port ? host + ":" + std::to_string(port->number()) : host;
}

Matrix::Name& Matrix::name_for(const std::string& host) {
    const auto at = std::ranges::find(names_, host, &Name::host);
    return at != names_.end() ? *at : names_.emplace_back(Name{.host = host});
}

MatrixRow& Matrix::row_for(const Subject& subject, Role role) {
    const std::string host =
        subject.host.value_or(subject.address ? subject.address->text() : std::string("?"));
    const auto at = std::ranges::find_if(
        rows_, [&](const MatrixRow& row) { return row.host == host && row.port == subject.port; });
    if (at != rows_.end()) return *at;
    MatrixRow row{.host = host,
                  .port = subject.port,
                  .protocol = subject.protocol,
                  .security = subject.security,
                  .role = role};
    row.cell(Step::dns) = name_for(host).cell;
    const auto key = [](const MatrixRow& r) {
        return std::tuple(!r.typed, r.role, r.host, r.port ? r.port->number() : 0);
    };
    return *rows_.insert(std::ranges::lower_bound(rows_, key(row), {}, key), std::move(row));
}

void Matrix::started(const Subject& subject) {
    if (!subject.host || !subject.port) return;
    row_for(subject, subject.role.value_or(Role::incoming)).running = true;
}

void Matrix::finished(const Subject& subject) {
    if (!subject.host || !subject.port) return;
    row_for(subject, subject.role.value_or(Role::incoming)).running = false;
}

void Matrix::add_lookup(const ObservationPtr& seen) {
    const std::string host = seen->subject.host.value_or(seen->dns->name);
    if (seen->dns->type != RecordType::a && seen->dns->type != RecordType::aaaa) return;
    Name& name = name_for(host);
    name.cell.seen.push_back(seen);
    join(name.cell, judge_dns(*seen));
    for (MatrixRow& row : rows_)
        if (row.host == host) row.cell(Step::dns) = name.cell;
}

void Matrix::add(ObservationPtr seen) {
    if (seen->dns) return add_lookup(seen);
    if (!seen->subject.port) return;
    MatrixRow* row = &row_for(seen->subject, seen->subject.role.value_or(Role::incoming));
    if (is_typed(seen->source) && !row->typed) {
        row->typed = true;  // and moves to the front
        MatrixRow moved = std::move(*row);
        rows_.erase(rows_.begin() + (row - rows_.data()));
        const auto front =
            std::ranges::find_if(rows_, [&](const MatrixRow& r) { return !r.typed || r.role > moved.role; });
        row = &*rows_.insert(front, std::move(moved));
    }
    if (!row->protocol) row->protocol = seen->subject.protocol;
    for (std::size_t i = 1; i < step_count; ++i) {
        Judgement verdict = judge_step(static_cast<Step>(i), *seen, row->typed, language_);
        if (verdict.state == CellState::not_asked) continue;
        row->cells[i].seen.push_back(seen);
        join(row->cells[i], std::move(verdict));
    }
}

void Matrix::settle() {
    for (MatrixRow& row : rows_)
        row.running = false;
}

Matrix matrix_of(const Report& report, Language language) {
    Matrix matrix(language);
    for (const Observation& seen : report.observations)
        matrix.add(std::make_shared<const Observation>(seen));
    return matrix;
}

const char* words_for(CellState state, Language language) {
    switch (state) {
        case CellState::good:
            return say::state_good.in(language);
        case CellState::warning:
            return say::state_warning.in(language);
        case CellState::bad:
            return say::state_bad.in(language);
        case CellState::unknown:
            return say::state_unknown.in(language);
        case CellState::closed:
            return say::state_closed.in(language);
        case CellState::running:
            return say::state_running.in(language);
        case CellState::not_asked:
            break;
    }
    return say::state_untested.in(language);
}

const char* words_for(Step step, Language language) {
    switch (step) {
        case Step::dns:
            return say::dns.in(language);
        case Step::port:
            return say::port.in(language);
        case Step::tls:
            return say::tls.in(language);
        case Step::login:
            return say::login.in(language);
        case Step::relay:
        case Step::count:
            break;
    }
    return say::relay.in(language);
}

}  // namespace maildoctor::gui
