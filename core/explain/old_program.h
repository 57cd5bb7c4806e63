// The verdict on old mail programs: where no setting will help, that is said at once.
#pragma once

#include "core/knowledge/pack.h"
#include "core/model/clues.h"

namespace maildoctor::explain {

/// Adds client.too-old right behind a first cause that the text's program cannot overcome: a failed handshake
/// for one without TLS 1.2, OAuth for one that has only passwords. Leaves clues of other programs as they
/// are.
void judge_old_program(const knowledge::Pack& pack, Clues& clues);

}  // namespace maildoctor::explain
