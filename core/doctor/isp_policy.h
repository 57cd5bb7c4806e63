// The facade's part for a provider's own policy.
#pragma once

#include <expected>
#include <string>
#include <string_view>

#include "core/model/isp_policy.h"

namespace maildoctor::doctor {

/// Reads a policy (TOML, docs/validate.md): one key a demand. `"on"` and `"off"` stand for true and false.
/// @param name of the file, for the complaint
/// @return the policy, or one line that says what is wrong and where: "policy.toml:3: unknown key 'pop'; did
/// you
///         mean 'pop3'?"
std::expected<IspPolicy, std::string> read_isp_policy(std::string_view text, const std::string& name);

}  // namespace maildoctor::doctor
