// The words for facts in reports. They are public vocabulary: docs/schema/report.schema.json lists them.
#pragma once

#include <string>
#include <string_view>

#include "core/model/access.h"
#include "core/model/facts.h"
#include "core/model/observation.h"
#include "core/model/report.h"

namespace maildoctor::report {

std::string_view word(Answer value) noexcept;
std::string_view word(DnsStatus value) noexcept;
std::string_view word(Dnssec value) noexcept;
std::string_view word(ChainFault value) noexcept;
std::string_view word(Revocation value) noexcept;
std::string_view word(Service value) noexcept;
std::string_view word(CipherStrength value) noexcept;
std::string_view word(Obstacle value) noexcept;
std::string_view word(LoginOutcome value) noexcept;
std::string_view word(ServerLimit::Kind value) noexcept;

}  // namespace maildoctor::report
