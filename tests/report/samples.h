// Reports as `diagnose` makes them, for the tests of the renderers.
#pragma once

#include "core/model/report.h"

namespace maildoctor::samples {

Report name_mismatch();  ///< a wrong host name in the settings, one consequence, one warning
Report two_faults();     ///< two independent faults, seen for somebody else
Report healthy();        ///< all works
Report offline();        ///< nothing could be concluded
Report survey();         ///< all works, and the server's TLS was looked at
Report hostile();        ///< every text is an attack on terminal, JSON, Markdown or HTML

}  // namespace maildoctor::samples
