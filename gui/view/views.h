// The views: thin functions over the models, one file each.
#pragma once

#include "gui/view/style.h"

namespace maildoctor::gui {

/// Everything: the bar at the side, the view that is chosen, the line of notices, and what lies on top.
void draw_window(const Ui& ui);

void paste_view(const Ui& ui);
void check_view(const Ui& ui);
void fix_view(const Ui& ui);
void validate_view(const Ui& ui);
void history_view(const Ui& ui);
void call_view(const Ui& ui);
void learn_view(const Ui& ui);
void help_view(const Ui& ui);

/// Parts of Check.
void check_form(const Ui& ui);
void matrix_table(const Ui& ui);
void cell_evidence(const Ui& ui);
void timeline_chart(const Ui& ui);

/// A picture that explains, as wide as there is room. @return whether there is one
bool learn_picture(const Ui& ui, Picture picture);

}  // namespace maildoctor::gui
