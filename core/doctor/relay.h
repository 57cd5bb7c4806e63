// The facade's part for relay tests.
#pragma once

#include <string>
#include <vector>

#include "core/mail/relay.h"
#include "core/model/access.h"
#include "core/model/report.h"

namespace maildoctor::doctor {

/// What a relay test asks, for `wish` and a server of this domain.
mail::RelayPlan relay_plan(const RelayWish& wish, std::string own_domain);

}  // namespace maildoctor::doctor
