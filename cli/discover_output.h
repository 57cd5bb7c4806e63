// What `discover` prints.
#pragma once

#include <string>

#include "core/model/discovery.h"
#include "core/model/lookup_plan.h"
#include "core/model/publication.h"

namespace maildoctor::cli {

std::string document_json(const PublishedDocument& document);
std::string document_text(const PublishedDocument& document, std::size_t width);

std::string discovery_json(const EmailAddress& email, const Discovery& found);
std::string discovery_text(const EmailAddress& email, const Discovery& found, std::size_t width);

std::string plan_json(const LookupPlan& plan);
std::string plan_text(const LookupPlan& plan);

}  // namespace maildoctor::cli
