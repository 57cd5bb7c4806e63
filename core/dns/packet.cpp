#include "core/dns/packet.h"

#include <algorithm>
#include <limits>

#include "core/dns/ldns_ptr.h"
#include "core/dns/records.h"

namespace maildoctor::dns {
namespace {

constexpr std::size_t header_size = 12;

std::unexpected<Failure> bad(const char* why) {
    return failed(Stage::dns_lookup, FailureKind::bad_syntax, why);
}

std::size_t count_at(std::string_view bytes, std::size_t at) {
    return static_cast<std::size_t>(static_cast<unsigned char>(bytes[at])) << 8 |
           static_cast<unsigned char>(bytes[at + 1]);
}

/// What the header alone tells: a response to an ordinary query, with counts that the bytes can hold.
Result<void> check_header(std::string_view bytes) {
    if (bytes.size() < header_size) return bad("shorter than a header");
    if ((static_cast<unsigned char>(bytes[2]) & 0x80) == 0) return bad("a question, not an answer");
    if ((static_cast<unsigned char>(bytes[2]) & 0x78) != 0) return bad("not an ordinary query's answer");
    if (count_at(bytes, 4) > 1) return bad("more than one question");
    const std::size_t records = count_at(bytes, 6) + count_at(bytes, 8) + count_at(bytes, 10);
    if (records > max_records) return failed(Stage::dns_lookup, FailureKind::too_large, "too many records");
    return {};
}

/// A server that could not read the question may leave it out (RFC 1035 section 4.1.1: format error).
bool answers(const ldns_pkt* packet, const Question& question) {
    const ldns_rr_list* list = ldns_pkt_question(packet);
    if (ldns_rr_list_rr_count(list) == 0) {
        const ldns_pkt_rcode rcode = ldns_pkt_get_rcode(packet);
        return rcode == LDNS_RCODE_FORMERR || rcode == LDNS_RCODE_NOTIMPL;
    }
    const ldns_rr* asked = ldns_rr_list_rr(list, 0);
    return static_cast<int>(ldns_rr_get_type(asked)) == static_cast<int>(question.type) &&
           ldns_rr_get_class(asked) == LDNS_RR_CLASS_IN && name_text(ldns_rr_owner(asked)) == question.name;
}

/// Options of RFC 8914 in the OPT record's data: code (2), length (2), info code (2), text.
void read_extended_errors(const ldns_pkt* packet, std::vector<ExtendedError>& out) {
    constexpr std::size_t option_error = 15, max_text = 512, max_errors = 8;
    std::string_view data = octets(ldns_pkt_edns_data(packet));
    while (data.size() >= 4 && out.size() < max_errors) {
        const std::size_t code = count_at(data, 0), length = count_at(data, 2);
        data.remove_prefix(4);
        if (length > data.size()) return;
        if (code == option_error && length >= 2)
            out.push_back({.code = static_cast<std::uint16_t>(count_at(data, 0)),
                           .text = std::string(data.substr(2, std::min(length - 2, max_text)))});
        data.remove_prefix(length);
    }
}

/// Follows the aliases from the asked name on and reads the records at their end.
class AnswerReader {
public:
    AnswerReader(const ldns_pkt* packet, const Question& question, ParsedAnswer& out)
        : answer_(ldns_pkt_answer(packet)),
          authority_(ldns_pkt_authority(packet)),
          type_(question.type),
          out_(out) {}

    bool read(const ldns_rdf* asked) {
        const ldns_rdf* current = asked;
        while (const ldns_rr* alias = type_ == RecordType::cname ? nullptr : alias_of(current)) {
            const ldns_rdf* target = field(alias, 0);
            if (target == nullptr || ldns_rdf_get_type(target) != LDNS_RDF_TYPE_DNAME) return false;
            ttl_ = std::min(ttl_, ldns_rr_ttl(alias));
            std::string name = name_text(target);
            const bool again = name == out_.facts.name ||
                               std::ranges::find(out_.facts.aliases, name) != out_.facts.aliases.end();
            if (again || out_.facts.aliases.size() == max_aliases) {
                out_.facts.status = DnsStatus::alias_loop;
                out_.end_name = std::move(name);
                return true;
            }
            out_.facts.aliases.push_back(std::move(name));
            current = target;
        }
        out_.end_name = out_.facts.aliases.empty() ? out_.facts.name : out_.facts.aliases.back();
        if (!read_data(current)) return false;
        judge();
        return true;
    }

private:
    const ldns_rr* alias_of(const ldns_rdf* name) const {
        for (std::size_t i = 0; i < ldns_rr_list_rr_count(answer_); ++i) {
            const ldns_rr* record = ldns_rr_list_rr(answer_, i);
            if (ldns_rr_get_type(record) == LDNS_RR_TYPE_CNAME && same_name(ldns_rr_owner(record), name))
                return record;
        }
        return nullptr;
    }

    bool read_data(const ldns_rdf* owner) {
        for (std::size_t i = 0; i < ldns_rr_list_rr_count(answer_); ++i) {
            const ldns_rr* record = ldns_rr_list_rr(answer_, i);
            if (static_cast<int>(ldns_rr_get_type(record)) != static_cast<int>(type_) ||
                ldns_rr_get_class(record) != LDNS_RR_CLASS_IN)
                continue;
            if (!same_name(ldns_rr_owner(record), owner)) continue;
            if (!read_record(record, out_.facts)) return false;
            ttl_ = std::min(ttl_, ldns_rr_ttl(record));
            found_ = true;
        }
        std::ranges::sort(out_.facts.mx, {}, &MxRecord::preference);
        std::ranges::sort(out_.facts.srv, {}, &SrvRecord::priority);
        return true;
    }

    void judge() {
        DnsFacts& facts = out_.facts;
        const ldns_rr* soa = found_ ? nullptr : authority_soa();
        if (soa != nullptr && read_record(soa, facts))
            ttl_ = std::min({ttl_, ldns_rr_ttl(soa), facts.soa->minimum});  // RFC 2308 section 5
        facts.ttl = ttl_ == no_ttl ? 0 : ttl_;
        switch (out_.rcode) {
            case LDNS_RCODE_NOERROR:
                facts.status = found_ ? DnsStatus::found : DnsStatus::no_data;
                break;
            case LDNS_RCODE_NXDOMAIN:
                facts.status = DnsStatus::no_such_name;
                break;
            case LDNS_RCODE_SERVFAIL:
                facts.status = DnsStatus::server_failure;
                break;
            default:
                facts.status = DnsStatus::refused;
                break;
        }
        out_.complete = found_ || facts.aliases.empty() || soa != nullptr || out_.rcode != LDNS_RCODE_NOERROR;
    }

    const ldns_rr* authority_soa() const {
        for (std::size_t i = 0; i < ldns_rr_list_rr_count(authority_); ++i) {
            const ldns_rr* record = ldns_rr_list_rr(authority_, i);
            if (ldns_rr_get_type(record) == LDNS_RR_TYPE_SOA) return record;
        }
        return nullptr;
    }

    static constexpr std::uint32_t no_ttl = std::numeric_limits<std::uint32_t>::max();
    const ldns_rr_list* answer_;
    const ldns_rr_list* authority_;
    RecordType type_;
    ParsedAnswer& out_;
    std::uint32_t ttl_{no_ttl};
    bool found_{false};
};

}  // namespace

/// Written by hand, because every bulk look-up makes one and ldns takes fifty times as long for these few
/// octets.
Result<std::string> make_query(const Question& question, const QueryOptions& options) {
    const NameOwner name = name_from(question.name);
    if (!name) return bad("not a name that DNS can be asked for");
    std::string bytes;
    bytes.reserve(header_size + ldns_rdf_size(name.get()) + 4 + 11);
    const auto put = [&bytes](unsigned value) {
        bytes += static_cast<char>(value >> 8);
        bytes += static_cast<char>(value & 0xff);
    };
    constexpr unsigned rd_flag = 0x0100, cd_flag = 0x0010, do_flag = 0x8000, class_in = 1, type_opt = 41;
    put(0);  // the sender's id
    put((options.recursion_desired ? rd_flag : 0) | (options.checking_disabled ? cd_flag : 0));
    put(1);  // questions
    put(0);
    put(0);
    put(options.edns ? 1 : 0);
    bytes += octets(name.get());
    put(static_cast<unsigned>(question.type));
    put(class_in);
    if (options.edns) {  // RFC 6891 section 6.1.2: the root, OPT, our size, RCODE and version 0, flags, no
                         // options
        bytes += '\0';
        put(type_opt);
        put(edns_size);
        put(0);
        put(options.dnssec_ok ? do_flag : 0);
        put(0);
    }
    return bytes;
}

Result<ParsedAnswer> parse_answer(std::string_view bytes, const Question& question, Keep keep) {
    if (const auto checked = check_header(bytes); !checked) return std::unexpected(checked.error());
    ldns_pkt* raw = nullptr;
    if (ldns_wire2pkt(&raw, reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()) !=
        LDNS_STATUS_OK)
        return bad("not a well-formed message");
    PacketOwner packet(raw);
    if (!answers(raw, question)) return bad("answers another question");

    ParsedAnswer answer;
    answer.rcode = static_cast<int>(ldns_pkt_get_rcode(raw)) | ldns_pkt_edns_extended_rcode(raw) << 4;
    answer.authoritative = ldns_pkt_aa(raw);
    answer.truncated = ldns_pkt_tc(raw);
    answer.recursion_available = ldns_pkt_ra(raw);
    answer.authentic = ldns_pkt_ad(raw);
    answer.facts.name = question.name;
    answer.facts.type = question.type;
    answer.facts.rcode = answer.rcode;
    read_extended_errors(raw, answer.facts.extended_errors);
    const ldns_rr_list* asked = ldns_pkt_question(raw);
    if (ldns_rr_list_rr_count(asked) == 0) {
        answer.end_name = question.name;
        answer.facts.status = DnsStatus::refused;
    } else if (!AnswerReader(raw, question, answer).read(ldns_rr_owner(ldns_rr_list_rr(asked, 0)))) {
        return bad("a record is cut short");
    }
    if (keep == Keep::packet) answer.packet = std::shared_ptr<const ldns_pkt>(std::move(packet));
    return answer;
}

}  // namespace maildoctor::dns
