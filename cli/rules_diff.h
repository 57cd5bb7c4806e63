// What differs between two rule packs.
#pragma once

#include <string>

#include "core/knowledge/pack.h"

namespace maildoctor::cli {

/// Rules, codes, programs, providers and guides that one pack has and the other has not, and rules that
/// differ; one line each ("+ rule outlook-0x800ccc0d  dns.host-not-found"), after a line with both versions.
/// @param differ set to whether anything does
std::string rules_diff(const knowledge::Pack& old_pack, const knowledge::Pack& new_pack, bool& differ);

}  // namespace maildoctor::cli
