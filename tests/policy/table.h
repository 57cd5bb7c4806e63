// DNS as a table: what the room's look-ups ask in tests. No network.
#pragma once

#include <algorithm>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "core/model/ascii.h"
#include "core/policy/look_up.h"

namespace maildoctor::testing {

/// Records by name; names that are not in it do not exist. Answers are secure unless said otherwise.
class Table {
public:
    Table& txt(const std::string& name, std::string text) {
        return at(name, RecordType::txt).texts.push_back(std::move(text)), *this;
    }
    Table& address(const std::string& name, const std::string& text) {
        const IpAddress address = *IpAddress::from(text);
        return at(name, address.is_v4() ? RecordType::a : RecordType::aaaa).addresses.push_back(address),
               *this;
    }
    Table& mx(const std::string& name, std::uint16_t preference, std::string exchange) {
        return at(name, RecordType::mx)
                   .mx.push_back({.preference = preference, .exchange = std::move(exchange)}),
               *this;
    }
    Table& ptr(const std::string& name, std::string target) {
        return at(name, RecordType::ptr).names.push_back(std::move(target)), *this;
    }
    Table& tlsa(const std::string& name, TlsaRecord record) {
        return at(name, RecordType::tlsa).tlsa.push_back(std::move(record)), *this;
    }
    Table& alias(const std::string& name, std::string target) {
        return aliases_[name] = std::move(target), *this;
    }
    Table& insecure(const std::string& name) { return insecure_.insert(name), *this; }
    /// Every question about the name that has no record fails so.
    Table& fails(const std::string& name, DnsStatus status) { return failing_[name] = status, *this; }
    Table& exists(const std::string& name) { return names_.insert(name), *this; }

    policy::Ask ask() {
        auto table = std::make_shared<const Table>(*this);
        return [table](std::string name, RecordType type) { return answer(table, std::move(name), type); };
    }

private:
    DnsFacts& at(const std::string& name, RecordType type) {
        names_.insert(name);
        DnsFacts& facts = records_[{name, type}];
        facts.name = name;
        facts.type = type;
        facts.status = DnsStatus::found;
        return facts;
    }

    static Task<DnsFacts> answer(std::shared_ptr<const Table> table, std::string name, RecordType type) {
        DnsFacts facts{.name = name, .type = type};
        std::string end = low(name);
        bool secure = !table->insecure_.contains(end);
        for (auto alias = table->aliases_.find(end);
             alias != table->aliases_.end() && facts.aliases.size() < 16; alias = table->aliases_.find(end)) {
            end = alias->second;
            secure = secure && !table->insecure_.contains(end);
            facts.aliases.push_back(end);
        }
        const std::vector<std::string> aliases = facts.aliases;
        if (const auto found = table->records_.find({end, type}); found != table->records_.end()) {
            facts = found->second;
        } else if (const auto failing = table->failing_.find(end); failing != table->failing_.end()) {
            facts.status = failing->second;
        } else {
            facts.status = table->names_.contains(end) ? DnsStatus::no_data : DnsStatus::no_such_name;
        }
        facts.name = name;
        facts.aliases = aliases;
        facts.dnssec = secure ? Dnssec::secure : Dnssec::insecure;
        co_return facts;
    }

    static std::string low(std::string text) {
        std::ranges::transform(text, text.begin(), lower);
        return text;
    }

    std::map<std::pair<std::string, RecordType>, DnsFacts> records_;
    std::map<std::string, std::string> aliases_;
    std::map<std::string, DnsStatus> failing_;
    std::set<std::string> names_, insecure_;
};

/// An answer with these TXT records.
inline DnsFacts texts(std::vector<std::string> records) {
    return {.name = "example.test",
            .type = RecordType::txt,
            .status = records.empty() ? DnsStatus::no_such_name : DnsStatus::found,
            .texts = std::move(records)};
}

}  // namespace maildoctor::testing
