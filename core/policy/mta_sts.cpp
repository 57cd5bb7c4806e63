#include "core/policy/mta_sts.h"

#include <algorithm>
#include <optional>

#include "core/model/text.h"
#include "core/policy/fields.h"

namespace maildoctor::policy {
namespace {

using Weight = PolicyFault::Weight;

constexpr std::size_t max_id = 32, max_mx = 200;

bool is_id(std::string_view id) {
    return !id.empty() && id.size() <= max_id && std::ranges::all_of(id, is_alnum);
}

/// A domain of RFC 5321: labels of letters, digits and inner hyphens.
bool is_domain(std::string_view name) {
    if (name.empty() || name.size() > 253) return false;
    return std::ranges::all_of(split(name, '.'), [](std::string_view label) {
        return !label.empty() && label.size() <= 63 && label.front() != '-' && label.back() != '-' &&
               std::ranges::all_of(label, [](char c) { return is_alnum(c) || c == '-'; });
    });
}

bool is_mx_pattern(std::string_view pattern) {
    return is_domain(pattern.starts_with("*.") ? pattern.substr(2) : pattern);
}

void read_record(std::string_view record, MtaStsFacts& facts) {
    std::vector<PolicyFault>& faults = facts.record.faults;
    std::vector<Field> fields = fields_of(record);
    bool has_id = false;
    if (fields.size() > 1 && fields.back().whole.empty()) fields.pop_back();  // one final ";" is allowed
    for (std::size_t i = 0; i < fields.size(); ++i) {
        const Field& field = fields[i];
        const std::string whole(field.whole);
        if (i == 0) {
            if (field.whole != "v=STSv1")
                faults.push_back(
                    fault(Weight::discarded, "bad-version",
                          "the record has to begin with \"v=STSv1;\", not with \"" + whole + "\""));
        } else if (field.whole.empty()) {
            faults.push_back(fault(Weight::strict, "empty-field", "two semicolons with nothing in between"));
        } else if (field.whole.starts_with("id=")) {
            if (has_id)
                faults.push_back(fault(Weight::strict, "repeated-field", "id= stands there more than once"));
            has_id = true;
            if (is_id(field.value)) {
                if (facts.id.empty()) facts.id = field.value;
            } else {
                faults.push_back(fault(Weight::discarded, "bad-id",
                                       "\"" + whole + "\": an id is 1 to 32 letters and digits"));
            }
        } else if (!field.has_value || !is_extension_name(field.name) || !is_extension_value(field.value)) {
            faults.push_back(fault(Weight::strict, "bad-field", "\"" + whole + "\" is no \"name=value\""));
        }
    }
    if (!has_id)
        faults.push_back(fault(Weight::discarded, "no-id", "id=, the version of the policy, is missing"));
}

/// Reads the lines of a policy file.
class FileReader {
public:
    explicit FileReader(MtaStsFacts& facts) : facts_(facts) {}

    void read(std::string_view body) {
        std::vector<std::string_view> lines = split(body, '\n');
        if (lines.back().empty()) lines.pop_back();
        for (std::string_view line : lines) {
            if (line.ends_with('\r')) line.remove_suffix(1);
            read_line(line);
        }
        if (!has_version_) bad("no-version", "the line \"version: STSv1\" is missing");
        if (!has_mode_) bad("no-mode", "the line \"mode: …\" is missing");
        if (!has_age_) bad("no-max-age", "the line \"max_age: …\" is missing");
        if (facts_.mx.empty() && facts_.mode != "none" && has_mode_)
            bad("no-mx", "no line \"mx: …\" names a mail exchanger");
    }

private:
    void bad(std::string kind, const std::string& text) { add(Weight::discarded, std::move(kind), text); }
    void add(Weight weight, std::string kind, const std::string& text) {
        add_fault(facts_.file.faults, fault(weight, std::move(kind), text));
    }

    /// All but the first of a line that may stand there once are ignored.
    bool again(bool& seen, std::string_view key) {
        if (seen)
            add(Weight::weak, "repeated-line",
                "\"" + std::string(key) + "\" stands there more than once; the first counts");
        return std::exchange(seen, true);
    }

    void read_line(std::string_view line) {
        const std::size_t colon = line.find(':');
        const std::string whole(line);
        if (without_wsp(line).empty()) return add(Weight::strict, "empty-line", "there is an empty line");
        if (colon == std::string_view::npos)
            return add(Weight::strict, "bad-line", "\"" + whole + "\" is no \"name: value\"");
        const std::string_view key = line.substr(0, colon), value = without_wsp(line.substr(colon + 1));
        if (key == "version") {
            if (!again(has_version_, key) && value != "STSv1")
                bad("bad-version", "\"" + whole + "\": the version has to be STSv1");
        } else if (key == "mode") {
            if (!again(has_mode_, key)) read_mode(value, whole);
        } else if (key == "max_age") {
            if (!again(has_age_, key)) read_max_age(value, whole);
        } else if (key == "mx") {
            read_mx(value, whole);
        } else if (!is_extension_name(key) || value.empty()) {
            add(Weight::strict, "bad-line", "\"" + whole + "\" is no \"name: value\"");
        }
    }

    void read_mode(std::string_view value, const std::string& whole) {
        if (value == "enforce" || value == "testing" || value == "none") {
            facts_.mode = value;
        } else {
            bad("bad-mode", "\"" + whole + "\": the mode is enforce, testing or none");
        }
    }

    void read_max_age(std::string_view value, const std::string& whole) {
        constexpr std::size_t most_digits = 10;
        const auto age = value.size() <= most_digits ? number_of(value, 9'999'999'999) : std::nullopt;
        if (!age) return bad("bad-max-age", "\"" + whole + "\": max_age is a number of seconds");
        facts_.max_age = std::min(*age, longest_max_age);
        if (*age > longest_max_age)
            add(Weight::weak, "long-max-age", "max_age is above a year (31557600 s), which senders cut off");
        constexpr std::int64_t day = 86400;
        if (*age < day && facts_.mode != "none" && *age > 0)
            add(Weight::note, "short-max-age",
                "max_age is below a day: the policy protects only while it is fresh; weeks are usual");
    }

    void read_mx(std::string_view value, const std::string& whole) {
        if (!is_mx_pattern(value))
            return bad("bad-mx", "\"" + whole + "\" is neither a host name nor \"*.domain\"");
        if (facts_.mx.size() < max_mx) facts_.mx.emplace_back(value);
    }

    MtaStsFacts& facts_;
    bool has_version_{false}, has_mode_{false}, has_age_{false};
};

std::string file_text(std::string_view mode, const std::vector<std::string>& mx, std::int64_t max_age) {
    std::string text = "version: STSv1\nmode: " + std::string(mode) + "\n";
    for (const std::string& pattern : mx)
        text += "mx: " + pattern + "\n";
    return text + "max_age: " + std::to_string(max_age) + "\n";
}

}  // namespace

MtaStsFacts read_mta_sts(const DnsFacts& answer) {
    const std::vector<std::string> records = claiming(answer, "v=STSv1", true);
    MtaStsFacts facts{.record = select_records(answer, records)};
    if (records.empty()) return facts;
    if (records.size() > 1)
        facts.record.faults.push_back(
            fault(Weight::discarded, "multiple", "there is more than one record, so none of them counts"));
    read_record(records.front(), facts);
    if (facts.record.faults.empty()) return facts;
    std::string id = facts.id;
    for (const Field& field : fields_of(records.front())) {
        if (id.empty() && same_word(field.name, "id"))
            std::ranges::copy_if(field.value.substr(0, max_id), std::back_inserter(id), is_alnum);
    }
    facts.record.better = "v=STSv1; id=" + (id.empty() ? "1" : id) + ";";
    return facts;
}

void read_mta_sts_file(std::string_view body, MtaStsFacts& facts) {
    facts.file.state = PolicyRecord::State::found;
    facts.file.found = {cleaned(body, max_shown)};
    if (body.size() > max_policy_file) {
        facts.file.faults.push_back(fault(Weight::discarded, "too-large",
                                          "the file is larger than 64 KiB, so senders stop reading it"));
        return;
    }
    FileReader(facts).read(body);
    if (facts.file.faults.empty()) return;
    constexpr std::int64_t week = 604800;
    if (!facts.mx.empty() || facts.mode == "none")
        facts.file.better = file_text(facts.mode.empty() ? "testing" : facts.mode, facts.mx,
                                      facts.max_age > 0 ? facts.max_age : week);
}

bool mx_matches(std::string_view pattern, std::string_view host) {
    if (!pattern.starts_with("*.")) return same_word(pattern, host);
    const std::size_t dot = host.find('.');
    return dot != std::string_view::npos && dot > 0 && same_word(pattern.substr(2), host.substr(dot + 1));
}

void compare_exchangers(const std::vector<std::string>& exchangers, MtaStsFacts& facts) {
    facts.missing.clear();
    if (!facts.file.is_read() || facts.mode == "none") return;
    for (const std::string& host : exchangers) {
        const bool covered = std::ranges::any_of(
            facts.mx, [&](const std::string& pattern) { return mx_matches(pattern, host); });
        if (!covered) facts.missing.push_back(host);
    }
    if (facts.missing.empty()) return;
    std::vector<std::string> mx;
    for (const std::string& pattern : facts.mx) {
        if (std::ranges::any_of(exchangers,
                                [&](const std::string& host) { return mx_matches(pattern, host); }))
            mx.push_back(pattern);
    }
    mx.insert(mx.end(), facts.missing.begin(), facts.missing.end());
    facts.file.better = file_text(facts.mode, mx, facts.max_age);
}

}  // namespace maildoctor::policy
