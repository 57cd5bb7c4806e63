// The first messages of mail programs, out of the rules.
#pragma once

#include <vector>

#include "core/knowledge/pack.h"
#include "core/tls/survey.h"

namespace maildoctor::doctor {

/// One template for each client that rules/tls knows. Names of suites and groups that are not known here are
/// left out; a test sees to it that there are none.
std::vector<tls::ClientTemplate> tls_clients(const knowledge::Pack& pack);

}  // namespace maildoctor::doctor
