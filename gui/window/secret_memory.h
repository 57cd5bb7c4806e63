// What ImGui keeps of a typed password, and how it goes away.
#pragma once

namespace maildoctor::gui {

/// Makes ImGui overwrite each block of memory before it gives it back. Call it before ImGui's context is
/// made.
void use_wiping_allocator();

/// Ends the editing of the present field and overwrites all that ImGui keeps of it: edit buffers, undo, the
/// characters that were typed last.
void wipe_input_state();

}  // namespace maildoctor::gui
