// The connection to the display can go away under a running window.
#pragma once

namespace maildoctor::gui {

/// From now on a lost display ends the program with one clear line and status 3 instead of the X library's
/// own words.
void end_when_display_is_lost();

}  // namespace maildoctor::gui
