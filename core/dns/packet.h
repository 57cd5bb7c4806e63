// DNS messages: making questions and reading answers. Pure functions from bytes to values.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/model/facts.h"
#include "core/model/result.h"

struct ldns_struct_pkt;

namespace maildoctor::dns {

/// What is asked. The name is in the form of DnsFacts (lower case, no final dot).
struct Question {
    std::string name;
    RecordType type{};
    friend bool operator==(const Question&, const Question&) = default;
};

/// How it is asked.
struct QueryOptions {
    bool recursion_desired{true};
    bool dnssec_ok{false};          ///< RFC 3225: signatures are wanted; the answer keeps its packet
    bool checking_disabled{false};  ///< RFC 4035 section 3.2.2: also what the resolver holds for bogus
    bool edns{true};                ///< EDNS(0) with 1232 octets (RFC 6891)
    friend bool operator==(const QueryOptions&, const QueryOptions&) = default;
};

inline constexpr std::size_t edns_size = 1232;  // fits every path that carries IPv6 (dnsflagday.net/2020)
inline constexpr std::size_t max_aliases = 16;
inline constexpr std::size_t max_records =
    2000;  // of one message, all sections; a mail domain's are below 100

/// The wire form of a question with id 0; the sender writes its id into the first two octets.
/// @return bad_syntax when the name cannot be asked (RFC 1035 section 2.3.4)
Result<std::string> make_query(const Question& question, const QueryOptions& options);

/// One answer, checked and read.
struct ParsedAnswer {
    int rcode{};                      ///< with the upper bits of EDNS (RFC 6891 section 6.1.3)
    bool authoritative{false};        ///< AA
    bool truncated{false};            ///< TC
    bool recursion_available{false};  ///< RA
    bool authentic{false};            ///< AD, the resolver's own word: never believed, only reported
    bool complete{true};              ///< false: the aliases end where the server did not look further
    std::string end_name{};           ///< the name at the end of the aliases, else the one that was asked
    DnsFacts facts{};  ///< status, aliases, records, ttl, extended errors; nothing about DNSSEC yet
    std::shared_ptr<const ldns_struct_pkt> packet{};  ///< the whole message, when asked for
};

/// Whether parse_answer() keeps the message itself (for signatures and referrals).
enum class Keep : std::uint8_t { values, packet };

/// Reads a message as the answer to `question`.
/// @param bytes the whole UDP payload or TCP message
/// @return bad_syntax when it is no well-formed response (RFC 1035 section 4) or does not answer the
/// question;
///         too_large with more than max_records. CNAME chains are followed within the answer (RFC 1034
///         section 3.6.2); a repetition or more than max_aliases gives DnsStatus::alias_loop
Result<ParsedAnswer> parse_answer(std::string_view bytes, const Question& question, Keep keep = Keep::values);

}  // namespace maildoctor::dns
