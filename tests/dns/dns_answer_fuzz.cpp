// Fuzzes the answer parser and what judges its records.
// Properties of a message that parses as an answer: it is for the asked name; aliases are few and never
// repeat; names in it can be asked for again; `found` means that there are records; the same octets give the
// same answer. A message of any content never makes the checks of signatures and proofs crash, and nothing is
// good under keys that are not there.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <set>
#include <string>
#include <string_view>

#include "core/dns/denial.h"
#include "core/dns/packet.h"
#include "core/dns/records.h"
#include "core/dns/signatures.h"

using namespace maildoctor;
using namespace maildoctor::dns;

namespace {

void require(bool holds) {
    if (!holds) std::abort();
}

/// The question that the message itself repeats, so that many inputs get past the first check.
Question question_in(std::string_view bytes) {
    Question question{.name = "mail.example.test", .type = RecordType::a};
    ldns_pkt* raw = nullptr;
    if (ldns_wire2pkt(&raw, reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()) !=
        LDNS_STATUS_OK)
        return question;
    const PacketOwner packet(raw);
    const ldns_rr_list* list = ldns_pkt_question(raw);
    if (ldns_rr_list_rr_count(list) == 0) return question;
    question.name = name_text(ldns_rr_owner(ldns_rr_list_rr(list, 0)));
    question.type = static_cast<RecordType>(ldns_rr_get_type(ldns_rr_list_rr(list, 0)));
    return question;
}

bool can_be_asked(const std::string& name) {
    return make_query({.name = name, .type = RecordType::a}, {}).has_value();
}

void check_facts(const ParsedAnswer& answer, const Question& question) {
    const DnsFacts& facts = answer.facts;
    require(facts.name == question.name);
    require(facts.aliases.size() <= max_aliases);
    require(std::set<std::string>(facts.aliases.begin(), facts.aliases.end()).size() == facts.aliases.size());
    for (const std::string& name : facts.aliases)
        require(can_be_asked(name));
    for (const std::string& name : facts.names)
        require(can_be_asked(name));
    for (const MxRecord& mx : facts.mx)
        require(can_be_asked(mx.exchange));
    for (const SrvRecord& srv : facts.srv)
        require(can_be_asked(srv.target));
    require(can_be_asked(answer.end_name));
    require(std::ranges::is_sorted(facts.mx, {}, &MxRecord::preference));
    if (facts.status == DnsStatus::found && question.type == RecordType::a) require(!facts.addresses.empty());
    if (facts.status == DnsStatus::found && question.type == RecordType::mx) require(!facts.mx.empty());
}

void check_judges(const ParsedAnswer& answer, const Question& question) {
    const ldns_rr_list* records = ldns_pkt_answer(answer.packet.get());
    const RecordView keys = zone_keys(records);
    const RecordView no_keys(ldns_rr_list_new());
    constexpr std::int64_t now = 1800000000;
    for (std::size_t i = 0; i < ldns_rr_list_rr_count(records); ++i) {
        const ldns_rr* record = ldns_rr_list_rr(records, i);
        const RecordView set = select(records, ldns_rr_owner(record), ldns_rr_get_type(record));
        const RecordView signatures =
            signatures_over(records, ldns_rr_owner(record), ldns_rr_get_type(record));
        for (std::size_t k = 0; k < size_of(signatures) && k < 4; ++k) {
            const std::string zone = signer_of(ldns_rr_list_rr(signatures.get(), k));
            check_set(set, signatures, zone, keys.get(), now);
            require(!check_set(set, signatures, zone, no_keys.get(), now).good);
        }
        if (ldns_rr_get_type(record) != LDNS_RR_TYPE_DS) continue;
        for (std::size_t k = 0; k < size_of(keys); ++k)
            matches(record, ldns_rr_list_rr(keys.get(), k));
    }
    for (const std::string_view zone : {std::string_view(question.name), parent_of(question.name)}) {
        require(!Denial(answer.packet.get(), zone, no_keys.get(), now).any());
        // Here every record counts as signed, so that the proofs see hostile ones too.
        const Denial denial = Denial::unsigned_for_tests(answer.packet.get(), zone);
        denial.no_name(question.name);
        denial.no_data(question.name, static_cast<ldns_rr_type>(question.type));
        denial.no_closer(question.name, 1);
        denial.cut(question.name);
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    const Question question = question_in(bytes);
    const auto answer = parse_answer(bytes, question, Keep::packet);
    if (!answer) return 0;
    check_facts(*answer, question);
    const auto again = parse_answer(bytes, question, Keep::values);
    require(again && again->facts.status == answer->facts.status &&
            again->facts.aliases == answer->facts.aliases);
    check_judges(*answer, question);
    return 0;
}
