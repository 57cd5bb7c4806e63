// What a domain could publish about servers that work without anybody saying so.
#pragma once

#include "core/model/report.h"

namespace maildoctor::doctor {

/// Fills Report::publication where the report notes that the domain publishes no settings and lists servers
/// that work: what `maildoctor publish` makes for the best of them. Nothing else is touched.
void add_publication(const HostName& domain, Report& report);

}  // namespace maildoctor::doctor
