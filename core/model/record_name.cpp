#include "core/model/record_name.h"

namespace maildoctor {

std::string record_name(RecordType type) {
    switch (type) {
        case RecordType::a:
            return "A";
        case RecordType::ns:
            return "NS";
        case RecordType::cname:
            return "CNAME";
        case RecordType::soa:
            return "SOA";
        case RecordType::ptr:
            return "PTR";
        case RecordType::mx:
            return "MX";
        case RecordType::txt:
            return "TXT";
        case RecordType::aaaa:
            return "AAAA";
        case RecordType::srv:
            return "SRV";
        case RecordType::ds:
            return "DS";
        case RecordType::rrsig:
            return "RRSIG";
        case RecordType::dnskey:
            return "DNSKEY";
        case RecordType::tlsa:
            return "TLSA";
    }
    return "TYPE" + std::to_string(static_cast<unsigned>(type));
}

}  // namespace maildoctor
