#include "core/doctor/discovery.h"

#include "core/discover/document.h"
#include "core/discover/lookup_plan.h"

namespace maildoctor::doctor {

PublishedDocument read_document(DocumentFormat format, std::string_view bytes, const EmailAddress& email) {
    return discover::read_document(format, bytes, email);
}

LookupPlan plan_lookup(const EmailAddress& email, const LookupOptions& options) {
    return discover::plan_lookup(email, options);
}

}  // namespace maildoctor::doctor
