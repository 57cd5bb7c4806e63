#include "core/policy/tls_rpt.h"

#include <algorithm>

#include "core/policy/fields.h"

namespace maildoctor::policy {
namespace {

using Weight = PolicyFault::Weight;

void read_rua(std::string_view value, TlsRptFacts& facts) {
    std::vector<PolicyFault>& faults = facts.record.faults;
    for (const std::string_view piece : split(value, ',')) {
        const std::string_view uri = without_wsp(piece);
        const std::string scheme = scheme_of(uri);
        if (uri.empty() || !is_uri(uri) || uri.find('!') != std::string_view::npos) {
            faults.push_back(fault(Weight::discarded, "bad-address",
                                   "\"" + std::string(uri) + "\" is no address (URI) for reports"));
        } else if (scheme == "mailto" && !mailto_domain(uri)) {
            faults.push_back(fault(Weight::weak, "bad-address",
                                   "\"" + std::string(uri) + "\" is no e-mail address for reports"));
        } else if (scheme != "mailto" && scheme != "https") {
            faults.push_back(fault(
                Weight::weak, "unknown-scheme",
                "reports go to mailto: and https: addresses only, not to \"" + std::string(uri) + "\""));
        } else {
            facts.rua.push_back(shown(uri));
        }
    }
}

void read_fields(std::string_view record, TlsRptFacts& facts) {
    std::vector<PolicyFault>& faults = facts.record.faults;
    std::vector<Field> fields = fields_of(record);
    bool has_rua = false;
    if (fields.size() > 1 && fields.back().whole.empty()) fields.pop_back();  // one final ";" is allowed
    for (std::size_t i = 0; i < fields.size(); ++i) {
        const Field& field = fields[i];
        const std::string whole(field.whole);
        if (i == 0) {
            if (field.whole != "v=TLSRPTv1")
                faults.push_back(
                    fault(Weight::discarded, "bad-version",
                          "the record has to begin with \"v=TLSRPTv1;\", not with \"" + whole + "\""));
        } else if (field.whole.empty()) {
            faults.push_back(fault(Weight::strict, "empty-field", "two semicolons with nothing in between"));
        } else if (field.whole.starts_with("rua=")) {
            has_rua = true;
            read_rua(field.value, facts);
        } else if (!field.has_value || !is_extension_name(field.name) || !is_extension_value(field.value)) {
            faults.push_back(fault(Weight::strict, "bad-field", "\"" + whole + "\" is no \"name=value\""));
        }
    }
    if (!has_rua)
        faults.push_back(fault(Weight::discarded, "no-address", "rua=, the address for reports, is missing"));
}

}  // namespace

TlsRptFacts read_tls_rpt(const DnsFacts& answer) {
    const std::vector<std::string> records = claiming(answer, "v=TLSRPTv1", true);
    TlsRptFacts facts{.record = select_records(answer, records)};
    if (records.empty()) return facts;
    if (records.size() > 1)
        facts.record.faults.push_back(
            fault(Weight::discarded, "multiple", "there is more than one record, so none of them counts"));
    read_fields(records.front(), facts);
    if (facts.record.faults.empty() || facts.rua.empty()) return facts;
    facts.record.better = "v=TLSRPTv1; rua=";
    for (const std::string& uri : facts.rua)
        facts.record.better += (uri == facts.rua.front() ? "" : ",") + uri;
    return facts;
}

}  // namespace maildoctor::policy
