#include "core/policy/bimi.h"

#include <set>

#include "core/model/text.h"
#include "core/policy/fields.h"

namespace maildoctor::policy {
namespace {

using Weight = PolicyFault::Weight;

class Reader {
public:
    explicit Reader(BimiFacts& facts) : facts_(facts) {}

    void read(std::string_view record) {
        std::vector<Field> fields = fields_of(record);
        if (fields.size() > 1 && fields.back().whole.empty()) fields.pop_back();
        for (std::size_t i = 0; i < fields.size(); ++i)
            take(fields[i], i);
        if (!seen_.contains("l"))
            add(Weight::discarded, "no-location", "l=, the address of the picture, is missing");
        facts_.declined = seen_.contains("l") && facts_.location.empty() && facts_.authority.empty() &&
                          facts_.record.faults.empty();
    }

private:
    void add(Weight weight, std::string kind, const std::string& text) {
        facts_.record.faults.push_back(fault(weight, std::move(kind), text));
    }

    void take(const Field& field, std::size_t at) {
        const std::string whole(field.whole), name = std::string(field.name);
        if (at == 0) {
            if (name != "v" || field.value != "BIMI1")
                add(Weight::discarded, "bad-version",
                    "the record has to begin with \"v=BIMI1;\", not with \"" + whole + "\"");
            return;
        }
        if (!field.has_value || name.empty())
            return add(Weight::strict, "bad-field", "\"" + whole + "\" is no \"tag=value\"");
        if (!seen_.insert(name).second)
            return add(Weight::discarded, "repeated-tag", "the tag " + name + " stands there more than once");
        if (name == "l") facts_.location = address(field.value, whole, true);
        if (name == "a" && !same_word(field.value, "self"))
            facts_.authority = address(field.value, whole, false);
    }

    std::string address(std::string_view value, const std::string& whole, bool picture) {
        if (value.empty()) return {};
        if (!is_uri(value) || upper_case(value.substr(0, 8)) != "HTTPS://") {
            add(Weight::discarded, "bad-address", "\"" + whole + "\": only https: addresses count");
            return {};
        }
        const std::string upper = upper_case(value.substr(0, value.find_first_of("?#")));
        if (picture && !upper.ends_with(".SVG") && !upper.ends_with(".SVGZ"))
            add(Weight::weak, "not-svg",
                "\"" + whole + "\": the picture has to be SVG (Tiny PS), and its name should end in .svg");
        return shown(value);
    }

    BimiFacts& facts_;
    std::set<std::string> seen_;
};

}  // namespace

BimiFacts read_bimi(const DnsFacts& answer, std::string selector) {
    const std::vector<std::string> records = claiming(answer, "v=BIMI1", true);
    BimiFacts facts{.record = select_records(answer, records), .selector = std::move(selector)};
    if (records.empty()) return facts;
    if (records.size() > 1)
        facts.record.faults.push_back(
            fault(Weight::discarded, "multiple", "there is more than one record, so none of them counts"));
    Reader(facts).read(records.front());
    if (!facts.record.faults.empty() && !facts.location.empty())
        facts.record.better = "v=BIMI1; l=" + facts.location + "; a=" + facts.authority;
    return facts;
}

void require_dmarc(const DmarcFacts& dmarc, BimiFacts& facts) {
    if (facts.record.state != PolicyRecord::State::found || facts.declined) return;
    if (dmarc.record.state == PolicyRecord::State::unknown) return;
    const auto add = [&](const std::string& text) {
        facts.record.faults.push_back(fault(Weight::discarded, "weak-dmarc", text));
    };
    if (dmarc.policy.empty() || dmarc.policy == "none") {
        add("the logo is shown only with a DMARC policy of quarantine or reject");
    } else if (dmarc.sp == "none") {
        add("DMARC has sp=none, and then the logo is not shown");
    } else if (dmarc.percent < 100 && dmarc.policy == "quarantine") {
        add("DMARC has pct below 100, and then the logo is not shown");
    }
}

}  // namespace maildoctor::policy
