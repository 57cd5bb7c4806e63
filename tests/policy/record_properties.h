// What every reader of policy records must keep to, whatever the octets are.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>

#include "core/model/policy.h"
#include "tests/support/parser_properties.h"

namespace maildoctor::testing {

/// The octets as TXT records, one a line.
inline DnsFacts answer_of(const std::uint8_t* data, std::size_t size) {
    DnsFacts answer{.name = "example.test", .type = RecordType::txt, .status = DnsStatus::found};
    std::string record;
    for (std::size_t i = 0; i < size && answer.texts.size() < 20; ++i) {
        if (data[i] == '\n') {
            answer.texts.push_back(std::move(record));
            record.clear();
        } else {
            record += static_cast<char>(data[i]);
        }
    }
    answer.texts.push_back(std::move(record));
    return answer;
}

inline bool is_showable(const std::string& text) {
    return std::ranges::all_of(text,
                               [](char c) { return static_cast<unsigned char>(c) >= ' ' && c != 0x7f; });
}

inline void check_texts(const PolicyRecord& record) {
    require(record.faults.size() < 500, "faults are bounded");
    for (const PolicyFault& fault : record.faults) {
        require(!fault.kind.empty() && !fault.text.empty(), "a fault has a kind and a text");
        require(fault.text.size() <= 4000 && is_showable(fault.text), "texts are bounded and safe to show");
    }
    for (const std::string& found : record.found)
        require(found.size() <= 4000 && is_showable(found), "records are bounded and safe to show");
    require(record.state == PolicyRecord::State::found || record.found.empty(),
            "only what is there is shown");
}

/// @param read reads records anew: what is proposed must be taken without the faults that made it necessary
template <class Read>
void check_record(const PolicyRecord& record, Read read) {
    check_texts(record);
    if (record.better.empty()) return;
    DnsFacts again{.name = "example.test",
                   .type = RecordType::txt,
                   .status = DnsStatus::found,
                   .texts = {record.better}};
    const PolicyRecord better = read(again);
    require(better.state == PolicyRecord::State::found, "the record as it should read is one");
    require(std::ranges::none_of(better.faults,
                                 [](const PolicyFault& fault) {
                                     return fault.weight == PolicyFault::Weight::strict ||
                                            fault.kind == "multiple" || fault.kind == "repeated-tag" ||
                                            fault.kind == "bad-version";
                                 }),
            "the record as it should read keeps to the grammar");
}

}  // namespace maildoctor::testing
