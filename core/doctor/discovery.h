// The facade's part for published settings.
#pragma once

#include <string_view>

#include "core/model/lookup_plan.h"
#include "core/model/publication.h"
#include "core/model/report.h"

namespace maildoctor::doctor {

/// Reads a settings document from a file as mail programs would read it from the network, without network.
/// @param bytes from anybody; more than 1 MiB is a fault of the document
PublishedDocument read_document(DocumentFormat format, std::string_view bytes, const EmailAddress& email);

/// Where a program would look for the account's settings, in its order. No network.
LookupPlan plan_lookup(const EmailAddress& email, const LookupOptions& options);

}  // namespace maildoctor::doctor
