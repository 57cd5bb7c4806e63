// What is wrong with the places where settings are published.
#pragma once

#include <vector>

#include "core/diagnose/draft.h"
#include "core/model/discovery.h"

namespace maildoctor::diagnose {

/// Warnings about documents that cannot be used, certificates of web servers, settings over plain HTTP, and
/// sources that name different servers. Never errors: programs find their way by other sources, or the user
/// types the settings.
std::vector<Draft> judge_sources(const std::vector<SourceAnswer>& sources);

}  // namespace maildoctor::diagnose
