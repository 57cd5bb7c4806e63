// Any octets as an SPF record, judged for an address, with the record for every name that it asks for.
#include "core/async/loop.h"
#include "core/policy/spf_check.h"
#include "core/policy/spf_macro.h"
#include "core/policy/spf_publisher.h"
#include "core/policy/spf_record.h"
#include "tests/policy/record_properties.h"

using namespace maildoctor;

namespace {

struct World {
    std::string record;
    std::size_t asked{0};
};

/// Every name has the same records: loops and endless includes are the usual case.
Task<DnsFacts> answer(std::shared_ptr<World> world, std::string name, RecordType type) {
    ++world->asked;
    testing::require(name.size() <= 260, "names fit into DNS");
    DnsFacts facts{.name = name, .type = type, .status = DnsStatus::found};
    if (type == RecordType::txt) facts.texts = {world->record};
    if (type == RecordType::a) facts.addresses = {*IpAddress::from("192.0.2.1")};
    if (type == RecordType::mx) facts.mx = {{.preference = 1, .exchange = "mx.example.test"}};
    if (type == RecordType::ptr) facts.names = {"mail.example.test", "other.test"};
    if (type == RecordType::aaaa) facts.status = DnsStatus::no_data;
    co_return facts;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text =
        "v=spf1 " + std::string(reinterpret_cast<const char*>(data), std::min<std::size_t>(size, 4000));
    const policy::SpfReading reading = policy::read_spf(text);
    auto world = std::make_shared<World>(World{.record = text});
    const policy::Ask ask = [world](std::string name, RecordType type) {
        return answer(world, std::move(name), type);
    };
    async::Loop loop;
    const policy::SpfVerdict verdict =
        loop.run_for(policy::check_host(ask, {.address = *IpAddress::from("192.0.2.200"),
                                              .mail_from = "user@example.test",
                                              .helo = "mail.example.test"}));
    testing::require(reading.valid() || verdict.result == policy::SpfResult::permerror,
                     "what cannot be read is a permanent error");
    testing::require(verdict.lookups <= policy::max_spf_lookups + 1, "look-ups are bounded");
    testing::require(world->asked <= 150, "questions are bounded");
    world->asked = 0;
    const SpfFacts facts = loop.run_for(policy::examine_spf(ask, *HostName::from("example.test"), text));
    testing::check_texts(facts.record);
    testing::require(world->asked <= 300, "questions of the walk are bounded");
    if (!facts.record.better.empty() && facts.record.better.size() < 1500)
        testing::require(policy::read_spf(facts.record.better).valid(),
                         "the record as it should read is valid");
    return 0;
}
