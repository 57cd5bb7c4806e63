#include "core/dns/validator.h"

#include <algorithm>

#include "core/async/event.h"
#include "core/async/when_all.h"
#include "core/dns/denial.h"
#include "core/dns/records.h"
#include "core/dns/signatures.h"

namespace maildoctor::dns {
namespace {

constexpr std::size_t max_signers = 4;  // distinct zones that are looked at for one set

std::string shown(std::string_view name) {
    return name.empty() ? "." : std::string(name);
}

/// "example.test DNSKEY: signature expired 2026-01-01"
std::string link(std::string_view name, std::string_view what, std::string_view why) {
    return shown(name) + " " + std::string(what) + ": " + std::string(why);
}

/// The worse of two: bogus before indeterminate before insecure before secure.
int badness(Dnssec state) {
    switch (state) {
        case Dnssec::bogus:
            return 3;
        case Dnssec::indeterminate:
            return 2;
        case Dnssec::insecure:
            return 1;
        case Dnssec::secure:
        case Dnssec::not_checked:
            break;
    }
    return 0;
}

void take_worse(Verdict& verdict, Verdict other) {
    if (badness(other.state) > badness(verdict.state)) verdict = std::move(other);
}

/// The names from below `zone` down to `name`, highest first.
std::vector<std::string> steps_between(std::string_view zone, std::string_view name) {
    std::vector<std::string> steps;
    for (std::string_view at = name; at != zone && !at.empty(); at = parent_of(at))
        steps.emplace_back(at);
    std::ranges::reverse(steps);
    return steps;
}

/// The DNAME record from which the alias at `owner` was made (RFC 6672 section 3.1); null when there is none.
const ldns_rr* dname_above(const ldns_rr_list* answer, std::string_view owner, std::string_view target) {
    for (std::size_t i = 0; i < ldns_rr_list_rr_count(answer); ++i) {
        const ldns_rr* record = ldns_rr_list_rr(answer, i);
        const ldns_rdf* to = field(record, 0);
        if (ldns_rr_get_type(record) != LDNS_RR_TYPE_DNAME || to == nullptr ||
            ldns_rdf_get_type(to) != LDNS_RDF_TYPE_DNAME)
            continue;
        const std::string from = name_text(ldns_rr_owner(record)), onto = name_text(to);
        if (from == owner || !is_within(owner, from)) continue;
        const std::string_view kept = owner.substr(0, owner.size() - from.size() - (from.empty() ? 0 : 1));
        if (target == std::string(kept) + (onto.empty() ? "" : "." + onto)) return record;
    }
    return nullptr;
}

Verdict verdict_of(Proof proof, const std::string& name, const std::string& what, const std::string& fault) {
    switch (proof) {
        case Proof::proven:
            return {.state = Dnssec::secure};
        case Proof::opt_out:
        case Proof::too_costly:
            return {.state = Dnssec::insecure};
        case Proof::missing:
            break;
    }
    return {.state = Dnssec::bogus,
            .link = fault.empty() ? link(name, what, "absence is not proved") : shown(name) + " " + fault};
}

}  // namespace

const TrustAnchors& Validator::anchors() {
    if (!anchors_) anchors_ = default_trust_anchors();
    return *anchors_;
}

std::int64_t Validator::now() const {
    return fixed_time_.value_or(
        std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch())
            .count());
}

void Validator::remember(const std::string& name, const TrustPtr& trust) {
    constexpr std::size_t max_known = 10000;
    if (!trust->lasting) return;
    if (known_.size() >= max_known) known_.clear();
    known_[name] = trust;
}

Task<Reply> Validator::ask(Self self, std::string name, RecordType type, Deadline deadline) {
    const Question question{.name = std::move(name), .type = type};
    return self->questions_->ask(question, chain_options, deadline);
}

Task<void> Validator::ask_ahead(Self self, std::string name, RecordType type, Deadline deadline) {
    co_await ask(self, std::move(name), type, deadline);
}

Task<void> Validator::prepare(std::string name, Deadline deadline) {
    return prepare_all(shared_from_this(), std::move(name), deadline);
}

/// Mail domains mostly hang one step below a top-level domain, with both signed or neither.
Task<void> Validator::prepare_all(Self self, std::string name, Deadline deadline) {
    constexpr std::size_t ahead = 2;
    const auto zone = self->anchors().zone_above(name);
    if (!zone) co_return;
    std::vector<std::string> steps = steps_between(*zone, name);
    if (steps.size() > ahead) steps.resize(ahead);
    async::Group group(co_await asio::this_coro::executor);
    if (!self->known_.contains(*zone)) group.start(ask_ahead(self, *zone, RecordType::dnskey, deadline));
    for (const std::string& step : steps) {
        if (self->known_.contains(step)) continue;
        group.start(ask_ahead(self, step, RecordType::ds, deadline));
        group.start(ask_ahead(self, step, RecordType::dnskey, deadline));
    }
    co_await group.wait();
}

// ---- the chain
// ---------------------------------------------------------------------------------------------------

/// The zone that `name` belongs to, as far as the chain from the nearest anchor leads.
Task<Validator::TrustPtr> Validator::trust(Self self, std::string name, Deadline deadline) {
    if (const auto found = self->known_.find(name); found != self->known_.end()) co_return found->second;
    const auto anchor_zone = self->anchors().zone_above(name);
    if (!anchor_zone)
        co_return std::make_shared<const Trust>(
            Trust{.verdict = {.link = link(name, "", "no trust anchor above it")}});
    // All steps are asked for at once; the walk then finds most answers there or under way.
    async::Group ahead(co_await asio::this_coro::executor);
    for (const std::string& at : steps_between(*anchor_zone, name)) {
        if (!self->known_.contains(at)) ahead.start(ask_ahead(self, at, RecordType::ds, deadline));
    }
    TrustPtr result = co_await walk(self, *anchor_zone, name, deadline);
    ahead.cancel();
    co_await ahead.wait();
    co_return result;
}

Task<Validator::TrustPtr> Validator::walk(Self self, std::string anchor_zone, std::string name,
                                          Deadline deadline) {
    TrustPtr current;
    if (const auto found = self->known_.find(anchor_zone); found != self->known_.end()) {
        current = found->second;
    } else {
        current = co_await anchor(self, anchor_zone, deadline);
        self->remember(anchor_zone, current);
    }
    for (const std::string& child : steps_between(anchor_zone, name)) {
        if (const auto found = self->known_.find(child); found != self->known_.end()) {
            current = found->second;
            continue;
        }
        if (current->verdict.state == Dnssec::secure) current = co_await step(self, current, child, deadline);
        self->remember(child, current);
    }
    co_return current;
}

/// The keys of the zone that an anchor stands for. What fails here is no fault of the asked domain:
/// indeterminate, unless a key that is trusted made a signature that does not fit.
Task<Validator::TrustPtr> Validator::anchor(Self self, std::string zone, Deadline deadline) {
    const Reply reply = co_await ask(self, zone, RecordType::dnskey, deadline);
    Trust out{.zone = zone, .server = reply.server, .lasting = reply.answer != nullptr};
    const auto unknown = [&](std::string_view why) {
        out.verdict = {.state = Dnssec::indeterminate, .link = link(zone, "DNSKEY", why)};
        return std::make_shared<const Trust>(std::move(out));
    };
    if (!reply.answer || !reply.answer->packet) co_return unknown("no answer");
    const ldns_rr_list* answer = ldns_pkt_answer(reply.answer->packet.get());
    const NameOwner owner = name_from(zone);
    const RecordView set = select(answer, owner.get(), LDNS_RR_TYPE_DNSKEY);
    const RecordView signatures = signatures_over(answer, owner.get(), LDNS_RR_TYPE_DNSKEY);
    if (size_of(set) == 0 || size_of(signatures) == 0)
        co_return unknown("the resolver does not hand out signatures");

    const RecordView keys = zone_keys(set.get());
    const RecordView trusted(ldns_rr_list_new());
    const ldns_rr_list* anchors = self->anchors().records();
    for (std::size_t i = 0; i < size_of(keys); ++i) {
        ldns_rr* key = ldns_rr_list_rr(keys.get(), i);
        for (std::size_t k = 0; k < ldns_rr_list_rr_count(anchors); ++k) {
            const ldns_rr* given = ldns_rr_list_rr(anchors, k);
            if (!same_name(ldns_rr_owner(given), owner.get())) continue;
            const bool same_key = ldns_rr_get_type(given) == LDNS_RR_TYPE_DNSKEY &&
                                  number(given, 2) == number(key, 2) &&
                                  octets(field(given, 3)) == octets(field(key, 3));
            if (same_key || (ldns_rr_get_type(given) == LDNS_RR_TYPE_DS && matches(given, key)))
                ldns_rr_list_push_rr(trusted.get(), key);
        }
    }
    if (size_of(trusted) == 0) co_return unknown("no key matches the trust anchor");
    const SetCheck check = check_set(set, signatures, zone, trusted.get(), self->now());
    if (check.out_of_time) co_return unknown(check.why + " (or this computer's clock is wrong)");
    if (!check.good) {
        out.verdict = {.state = Dnssec::bogus, .link = link(zone, "DNSKEY", check.why)};
        co_return std::make_shared<const Trust>(std::move(out));
    }
    out.verdict = {.state = Dnssec::secure};
    out.keys = std::shared_ptr<const ldns_rr_list>(ldns_rr_list_clone(keys.get()), ldns_rr_list_deep_free);
    co_return std::make_shared<const Trust>(std::move(out));
}

/// From the zone of a name's parent to the zone of the name: the same, or one that a DS record leads to.
Task<Validator::TrustPtr> Validator::step(Self self, TrustPtr parent, std::string child, Deadline deadline) {
    const Reply reply = co_await ask(self, child, RecordType::ds, deadline);
    Trust out{.server = reply.server, .lasting = reply.answer != nullptr};
    const auto ended = [&](Dnssec state, std::string_view why) {
        out.verdict = {.state = state, .link = why.empty() ? "" : link(child, "DS", why)};
        return std::make_shared<const Trust>(std::move(out));
    };
    if (!reply.answer || !reply.answer->packet) co_return ended(Dnssec::indeterminate, "no answer");
    const ldns_pkt* packet = reply.answer->packet.get();
    const NameOwner owner = name_from(child);
    const RecordView set = select(ldns_pkt_answer(packet), owner.get(), LDNS_RR_TYPE_DS);
    if (size_of(set) > 0) {
        const RecordView signatures = signatures_over(ldns_pkt_answer(packet), owner.get(), LDNS_RR_TYPE_DS);
        if (size_of(signatures) == 0)
            co_return ended(Dnssec::indeterminate, "the resolver does not hand out its signature");
        const SetCheck check = check_set(set, signatures, parent->zone, parent->keys.get(), self->now());
        if (!check.good) co_return ended(Dnssec::bogus, check.why);
        co_return co_await keys_below(self, parent, child, reply.answer, deadline);
    }
    if (reply.answer->rcode != 0 && reply.answer->rcode != LDNS_RCODE_NXDOMAIN) {
        out.lasting = false;
        co_return ended(Dnssec::indeterminate, "the resolver has no answer");
    }
    // An alias is no delegation, and nothing lies below it: its own signature is checked with the answer.
    if (!reply.answer->facts.aliases.empty()) co_return parent;
    const Denial denial(packet, parent->zone, parent->keys.get(), self->now());
    if (!denial.any()) {
        if (!denial.fault().empty()) co_return ended(Dnssec::bogus, denial.fault());
        co_return ended(Dnssec::indeterminate, "the resolver does not hand out the proof of its absence");
    }
    switch (denial.cut(child)) {
        case Cut::insecure:
            co_return ended(Dnssec::insecure, "");
        case Cut::none:
            co_return parent;
        case Cut::withheld:
            co_return ended(Dnssec::bogus, "withheld, though the zone has it");
        case Cut::unproven:
            break;
    }
    co_return ended(Dnssec::bogus, denial.fault().empty() ? "its absence is not proved" : denial.fault());
}

/// The child's keys, one of which must be that of a DS record.
Task<Validator::TrustPtr> Validator::keys_below(Self self, TrustPtr parent, std::string child, AnswerPtr ds,
                                                Deadline deadline) {
    const NameOwner owner = name_from(child);
    const RecordView ds_set = select(ldns_pkt_answer(ds->packet.get()), owner.get(), LDNS_RR_TYPE_DS);
    const Reply reply = co_await ask(self, child, RecordType::dnskey, deadline);
    Trust out{.zone = child, .server = reply.server, .lasting = reply.answer != nullptr};
    const auto ended = [&](Dnssec state, std::string_view why) {
        out.verdict = {.state = state, .link = why.empty() ? "" : link(child, "DNSKEY", why)};
        return std::make_shared<const Trust>(std::move(out));
    };
    bool usable = false;
    for (std::size_t i = 0; i < size_of(ds_set); ++i)
        usable = usable || is_supported(ldns_rr_list_rr(ds_set.get(), i));
    if (!usable) co_return ended(Dnssec::insecure, "");  // RFC 4035 section 5.2
    if (!reply.answer || !reply.answer->packet) co_return ended(Dnssec::indeterminate, "no answer");
    if (reply.answer->rcode != 0 && reply.answer->rcode != LDNS_RCODE_NXDOMAIN) {
        out.lasting = false;
        co_return ended(Dnssec::indeterminate, "the resolver has no answer");
    }
    const ldns_rr_list* answer = ldns_pkt_answer(reply.answer->packet.get());
    const RecordView set = select(answer, owner.get(), LDNS_RR_TYPE_DNSKEY);
    const RecordView signatures = signatures_over(answer, owner.get(), LDNS_RR_TYPE_DNSKEY);
    if (size_of(set) == 0) co_return ended(Dnssec::bogus, "missing, though its parent has a DS record");
    if (size_of(signatures) == 0) {
        // Only the server that did hand out the parent's signatures can be held to it.
        if (reply.server != parent->server)
            co_return ended(Dnssec::indeterminate, "the resolver does not hand out its signature");
        co_return ended(Dnssec::bogus, "signature missing");
    }
    const RecordView keys = zone_keys(set.get());
    const RecordView trusted(ldns_rr_list_new());
    for (std::size_t i = 0; i < size_of(keys); ++i) {
        ldns_rr* key = ldns_rr_list_rr(keys.get(), i);
        bool vouched = false;
        for (std::size_t k = 0; k < size_of(ds_set) && !vouched; ++k)
            vouched = matches(ldns_rr_list_rr(ds_set.get(), k), key);
        if (vouched) ldns_rr_list_push_rr(trusted.get(), key);
    }
    if (size_of(trusted) == 0) co_return ended(Dnssec::bogus, "no key matches the DS record of its parent");
    const SetCheck check = check_set(set, signatures, child, trusted.get(), self->now());
    if (!check.good) co_return ended(Dnssec::bogus, check.why);
    out.keys = std::shared_ptr<const ldns_rr_list>(ldns_rr_list_clone(keys.get()), ldns_rr_list_deep_free);
    co_return ended(Dnssec::secure, "");
}

// ---- answers
// -----------------------------------------------------------------------------------------------------

Task<Verdict> Validator::judge(Question question, Reply reply, Deadline deadline) {
    return judge_all(shared_from_this(), std::move(question), std::move(reply), deadline);
}

Task<Verdict> Validator::judge_all(Self self, Question question, Reply reply, Deadline deadline) {
    if (!reply.answer || !reply.answer->packet) co_return Verdict{.link = "the resolver does not know EDNS"};
    const ParsedAnswer& answer = *reply.answer;
    const auto type = static_cast<ldns_rr_type>(question.type);
    Verdict verdict{.state = Dnssec::secure};
    std::string owner = question.name;
    for (const std::string& alias : answer.facts.aliases) {
        take_worse(verdict, co_await judge_set(self, reply, owner, LDNS_RR_TYPE_CNAME, deadline));
        owner = alias;
    }
    if (answer.facts.status == DnsStatus::found) {
        take_worse(verdict, co_await judge_set(self, reply, owner, type, deadline));
    } else if (answer.complete && (answer.rcode == 0 || answer.rcode == LDNS_RCODE_NXDOMAIN)) {
        take_worse(verdict, co_await judge_absence(self, reply, owner, type, deadline));
    }
    co_return verdict;
}

/// No signature at all: right below an insecure delegation, else somebody lost it.
Task<Verdict> Validator::judge_unsigned(Self self, Reply reply, std::string name, std::string what,
                                        Deadline deadline) {
    const TrustPtr zone = co_await trust(self, name, deadline);
    if (zone->verdict.state != Dnssec::secure) co_return zone->verdict;
    if (reply.server != zone->server)
        co_return Verdict{.link = link(name, what, "the resolver does not hand out its signature")};
    co_return Verdict{.state = Dnssec::bogus, .link = link(name, what, "signature missing")};
}

Task<Verdict> Validator::judge_set(Self self, Reply reply, std::string owner, ldns_rr_type type,
                                   Deadline deadline) {
    const ldns_pkt* packet = reply.answer->packet.get();
    const ldns_rr_list* answer = ldns_pkt_answer(packet);
    NameOwner name = name_from(owner);
    RecordView set = select(answer, name.get(), type);
    RecordView signatures = signatures_over(answer, name.get(), type);
    if (size_of(signatures) == 0 && type == LDNS_RR_TYPE_CNAME && size_of(set) == 1) {
        const ldns_rdf* target = field(ldns_rr_list_rr(set.get(), 0), 0);
        if (const ldns_rr* dname = dname_above(answer, owner, name_text(target))) {
            type = LDNS_RR_TYPE_DNAME;
            set = select(answer, ldns_rr_owner(dname), type);
            signatures = signatures_over(answer, ldns_rr_owner(dname), type);
            owner = name_text(ldns_rr_owner(dname));
        }
    }
    const std::string what = type_word(type);
    if (size_of(signatures) == 0) co_return co_await judge_unsigned(self, reply, owner, what, deadline);

    std::vector<std::string> signers;
    for (std::size_t i = 0; i < size_of(signatures) && signers.size() < max_signers; ++i) {
        std::string signer = signer_of(ldns_rr_list_rr(signatures.get(), i));
        if (is_within(owner, signer) && std::ranges::find(signers, signer) == signers.end())
            signers.push_back(std::move(signer));
    }
    Verdict verdict{.state = Dnssec::bogus,
                    .link = link(owner, what, "signed by a zone that it does not belong to")};
    for (const std::string& signer : signers) {
        const TrustPtr zone = co_await trust(self, signer, deadline);
        if (zone->verdict.state != Dnssec::secure) {
            verdict = zone->verdict;
            continue;
        }
        if (zone->zone != signer) continue;
        const SetCheck check = check_set(set, signatures, signer, zone->keys.get(), self->now());
        if (!check.good) {
            verdict = {.state = Dnssec::bogus, .link = link(owner, what, check.why)};
            continue;
        }
        if (check.labels >= label_count(owner) - (owner.starts_with("*") ? 1 : 0))
            co_return Verdict{.state = Dnssec::secure};
        const Denial denial(packet, signer, zone->keys.get(), self->now());
        const Proof proof = denial.any() ? denial.no_closer(owner, check.labels) : Proof::missing;
        if (proof == Proof::missing)
            co_return Verdict{
                .state = Dnssec::bogus,
                .link = link(owner, what,
                             "made from a wildcard without proof that the name itself does not exist")};
        co_return verdict_of(proof, owner, what, denial.fault());
    }
    co_return verdict;
}

Task<Verdict> Validator::judge_absence(Self self, Reply reply, std::string name, ldns_rr_type type,
                                       Deadline deadline) {
    const ldns_pkt* packet = reply.answer->packet.get();
    const ldns_rr_list* section = ldns_pkt_authority(packet);
    const std::string what = type_word(type);
    std::string signer;
    bool is_signed = false;
    for (std::size_t i = 0; i < ldns_rr_list_rr_count(section) && !is_signed; ++i) {
        const ldns_rr* record = ldns_rr_list_rr(section, i);
        if (ldns_rr_get_type(record) != LDNS_RR_TYPE_RRSIG || ldns_rr_rd_count(record) != 9) continue;
        signer = signer_of(record);
        is_signed = is_within(name, signer);
    }
    if (!is_signed) co_return co_await judge_unsigned(self, reply, name, what, deadline);
    const TrustPtr zone = co_await trust(self, signer, deadline);
    if (zone->verdict.state != Dnssec::secure) co_return zone->verdict;
    if (zone->zone != signer)
        co_return Verdict{.state = Dnssec::bogus,
                          .link = link(name, what, "absence is not proved by its zone")};
    const Denial denial(packet, signer, zone->keys.get(), self->now());
    const bool no_name = reply.answer->rcode == LDNS_RCODE_NXDOMAIN;
    Proof proof = no_name ? denial.no_name(name) : denial.no_data(name, type);
    // A referral proves nothing about the child, but that its zone is not signed.
    if (proof == Proof::missing && !no_name && denial.any() && denial.cut(name) == Cut::insecure)
        proof = Proof::opt_out;
    co_return verdict_of(proof, name, what, denial.fault());
}

}  // namespace maildoctor::dns
