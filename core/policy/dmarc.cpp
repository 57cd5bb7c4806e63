#include "core/policy/dmarc.h"

#include <algorithm>
#include <array>
#include <set>

#include "core/model/text.h"
#include "core/policy/fields.h"

namespace maildoctor::policy {
namespace {

using Weight = PolicyFault::Weight;

std::string lower_case(std::string_view text) {
    std::string low(text);
    std::ranges::transform(text, low.begin(), lower);
    return low;
}

bool is_policy(std::string_view word) {
    return word == "none" || word == "quarantine" || word == "reject";
}

/// Without blanks inside, as careless owners write them around "!".
std::string without_blanks(std::string_view text) {
    std::string tight;
    std::ranges::copy_if(text, std::back_inserter(tight), [](char c) { return c != ' ' && c != '\t'; });
    return tight;
}

/// The address of a report with its size limit in normal form; nothing when it is none (dmarc-uri).
std::optional<std::string> report_address(std::string_view piece) {
    const std::string text = without_blanks(piece);
    const std::size_t mark = text.find('!');
    std::string uri = text.substr(0, mark);
    if (!is_uri(uri)) return std::nullopt;
    if (mark == std::string::npos) return uri;
    std::string size = lower_case(std::string_view(text).substr(mark + 1));
    std::string_view digits = size;
    constexpr std::string_view units = "kmgt";
    if (!digits.empty() && units.find(digits.back()) != std::string_view::npos) digits.remove_suffix(1);
    if (!number_of(digits, INT64_MAX)) return std::nullopt;
    return uri + "!" + size;
}

/// Reads the tags of one record.
class Reader {
public:
    explicit Reader(DmarcFacts& facts) : facts_(facts) {}

    void read(std::string_view record) {
        const std::vector<Field> fields = fields_of(record);
        for (std::size_t i = 0; i < fields.size(); ++i)
            read_field(fields[i], i, i + 1 == fields.size());
        settle();
    }

private:
    void add(Weight weight, std::string kind, const std::string& text) {
        add_fault(facts_.record.faults, fault(weight, std::move(kind), text));
    }

    void read_field(const Field& field, std::size_t at, bool last) {
        const std::string whole(field.whole), name = lower_case(field.name);
        if (at == 0) {
            if (name != "v" || field.value != "DMARC1")
                add(Weight::discarded, "bad-version",
                    "the record has to begin with \"v=DMARC1;\", not with \"" + whole + "\"");
            seen_.insert("v");
            if (last) add(Weight::strict, "bad-version", "after \"v=DMARC1\" a semicolon is missing");
            return;
        }
        if (whole.empty()) {
            if (!last) add(Weight::weak, "empty-field", "two semicolons with nothing in between");
            return;
        }
        if (!field.has_value || name.empty())
            return add(Weight::strict, "bad-field", "\"" + whole + "\" is no \"tag=value\"");
        if (!seen_.insert(name).second)
            return add(Weight::discarded, "repeated-tag", "the tag " + name + " stands there more than once");
        if (name == "p" && at != 1)
            add(Weight::strict, "late-policy", "p= has to follow directly after v=DMARC1");
        read_tag(name, field.value, whole);
    }

    void wrong(const std::string& whole, const std::string& want) {
        add(Weight::strict, "bad-value", "\"" + whole + "\": it can be " + want);
    }

    void read_tag(const std::string& name, std::string_view raw, const std::string& whole) {
        const std::string value = lower_case(raw);
        if (name == "p" || name == "sp" || name == "np") {
            std::string& slot = name == "p" ? facts_.p : name == "sp" ? facts_.sp : facts_.np;
            if (is_policy(value)) {
                slot = value;
            } else {
                wrong(whole, "none, quarantine or reject");
                bad_policy_ = bad_policy_ || name != "np";
            }
        } else if (name == "adkim" || name == "aspf") {
            if (value != "r" && value != "s") return wrong(whole, "r or s");
            (name == "adkim" ? facts_.adkim : facts_.aspf) = value;
        } else if (name == "pct") {
            const auto percent = number_of(value, 100);
            if (!percent) return wrong(whole, "a number from 0 to 100");
            facts_.percent = static_cast<int>(*percent);
        } else if (name == "ri") {
            const auto interval = number_of(value, UINT32_MAX);
            if (!interval) return wrong(whole, "a number of seconds");
            facts_.report_interval = *interval;
        } else if (name == "fo") {
            read_options(value, whole);
        } else if (name == "rf") {
            read_formats(value, whole);
        } else if (name == "t") {
            if (value != "y" && value != "n") return wrong(whole, "y or n");
            facts_.testing = value == "y";
        } else if (name == "psd") {
            if (value != "y" && value != "n" && value != "u") return wrong(whole, "y, n or u");
            facts_.psd = value;
        } else if (name == "rua" || name == "ruf") {
            read_addresses(raw, whole, name == "rua" ? facts_.rua : facts_.ruf);
        } else {
            static constexpr std::array<std::string_view, 2> tags = {"p", "rua"};
            for (const std::string_view tag : tags) {
                if (name.size() == tag.size() + 1 && name.find(tag) != std::string::npos)
                    add(Weight::note, "unknown-tag",
                        "\"" + name + "\" is no tag of DMARC; is " + std::string(tag) + " meant?");
            }
        }
    }

    void read_options(const std::string& value, const std::string& whole) {
        for (const std::string_view piece : split(value, ':')) {
            const std::string_view option = without_wsp(piece);
            if (option != "0" && option != "1" && option != "d" && option != "s")
                return wrong(whole, "0, 1, d and s, divided by colons");
        }
        facts_.fo = without_blanks(value);
    }

    void read_formats(const std::string& value, const std::string& whole) {
        std::vector<std::string> formats;
        for (const std::string_view piece : split(value, ':')) {
            const std::string_view format = without_wsp(piece);
            const bool keyword = !format.empty() && is_alnum(format.front()) && is_alnum(format.back()) &&
                                 std::ranges::all_of(format, [](char c) { return is_alnum(c) || c == '-'; });
            if (!keyword) return wrong(whole, "afrf");
            formats.emplace_back(format);
        }
        facts_.formats = std::move(formats);
    }

    void read_addresses(std::string_view value, const std::string& whole, std::vector<std::string>& out) {
        constexpr std::size_t most = 50;
        for (const std::string_view piece : split(value, ',')) {
            const auto address = report_address(piece);
            if (!address) {
                add(Weight::strict, "bad-address",
                    "\"" + whole + "\": \"" + std::string(without_wsp(piece)) +
                        "\" is no address for reports such as mailto:reports@example.org");
                continue;
            }
            if (scheme_of(*address) != "mailto") {
                add(Weight::weak, "unknown-scheme",
                    "\"" + *address + "\": reports go to mailto: addresses only");
            } else if (!mailto_domain(address->substr(0, address->find('!')))) {
                add(Weight::weak, "bad-address", "\"" + *address + "\" is no e-mail address");
            }
            if (out.size() < most) out.push_back(shown(*address));
        }
    }

    /// What is missing, and what the record amounts to.
    void settle() {
        if (facts_.p.empty() || bad_policy_) {
            if (facts_.rua.empty()) {
                add(Weight::discarded, "no-policy",
                    facts_.p.empty() ? "p=, the policy, is missing" : "sp= is wrong and nobody gets reports");
            } else {
                add(Weight::weak, "no-policy",
                    "p= or sp= is missing or wrong, so receivers take p=none (RFC 7489 section 6.6.3)");
            }
            wanted_ = facts_.p;
            facts_.p = "none";
            facts_.sp.clear();
        } else if (facts_.p == "none" && facts_.rua.empty()) {
            add(Weight::weak, "no-effect", "p=none without rua=: it neither protects nor reports");
        }
        if (facts_.p != "none" && facts_.percent == 0)
            add(Weight::weak, "no-effect", "pct=0: the policy is applied to no message");
        if (facts_.p != "none" && facts_.percent > 0 && facts_.percent < 100)
            add(Weight::note, "partly",
                "pct=" + std::to_string(facts_.percent) +
                    ": the policy is applied to a part of the messages; newer receivers ignore pct");
    }

public:
    /// The record in the order of the standard, with what could be read.
    std::string better() const {
        std::string text = "v=DMARC1; p=" + (wanted_.empty() ? facts_.p : wanted_);
        const auto tag = [&](std::string_view name, const std::string& value, std::string_view usual) {
            if (!value.empty() && value != usual) text += "; " + std::string(name) + "=" + value;
        };
        const auto list = [](const std::vector<std::string>& values, char between) {
            std::string joined;
            for (const std::string& value : values)
                joined += (joined.empty() ? "" : std::string(1, between)) + value;
            return joined;
        };
        tag("sp", facts_.sp, "");
        tag("np", facts_.np, "");
        tag("adkim", facts_.adkim, "r");
        tag("aspf", facts_.aspf, "r");
        tag("pct", facts_.percent == 0 ? "" : std::to_string(facts_.percent), "100");
        tag("psd", facts_.psd, "u");
        tag("t", facts_.testing ? "y" : "n", "n");
        tag("fo", facts_.fo, "0");
        tag("rua", list(facts_.rua, ','), "");
        tag("ruf", list(facts_.ruf, ','), "");
        return text;
    }

private:
    DmarcFacts& facts_;
    std::set<std::string> seen_;
    std::string wanted_;
    bool bad_policy_{false};
};

}  // namespace

DmarcFacts read_dmarc(const DnsFacts& answer) {
    const std::vector<std::string> records = claiming(answer, "v=DMARC1", true);
    DmarcFacts facts{.record = select_records(answer, records)};
    if (records.empty()) return facts;
    if (records.size() > 1)
        facts.record.faults.push_back(
            fault(Weight::discarded, "multiple", "there is more than one record, so none of them counts"));
    Reader reader(facts);
    reader.read(records.front());
    const bool worth = std::ranges::any_of(facts.record.faults, [](const PolicyFault& f) {
        return f.weight != Weight::note && f.kind != "no-effect";
    });
    if (worth) facts.record.better = reader.better();
    return facts;
}

std::string effective_policy(const DmarcFacts& facts, bool own) {
    if (!facts.record.is_read()) return {};
    return own || facts.sp.empty() ? facts.p : facts.sp;
}

std::vector<HostName> foreign_destinations(const DmarcFacts& facts, const HostName& organisational) {
    std::vector<HostName> foreign;
    for (const auto* addresses : {&facts.rua, &facts.ruf}) {
        for (const std::string& address : *addresses) {
            const auto domain = mailto_domain(address.substr(0, address.find('!')));
            if (domain && !domain->is_within(organisational) &&
                std::ranges::find(foreign, *domain) == foreign.end())
                foreign.push_back(*domain);
        }
    }
    return foreign;
}

}  // namespace maildoctor::policy
