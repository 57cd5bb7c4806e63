#include "gui/window/display_loss.h"

#include <X11/Xlib.h>

#include <cstdio>
#include <cstdlib>

namespace maildoctor::gui {
namespace {

constexpr int inconclusive = 3;  // docs/exit-status.md

/// Called by Xlib, which allows no return. Nothing of the window may be touched any more: no destructors run.
int display_is_lost(Display* /*display*/) {
    std::fputs("maildoctor-gui: the connection to the display was lost\n", stderr);
    std::_Exit(inconclusive);
}

}  // namespace

void end_when_display_is_lost() {
    XSetIOErrorHandler(display_is_lost);
}

}  // namespace maildoctor::gui
