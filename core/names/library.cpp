#include "core/names/library.h"

#include <idn2.h>
#include <libpsl.h>

namespace maildoctor::names {

std::string library_versions() {
    return std::string("libidn2 ") + idn2_check_version(nullptr) + "; libpsl " + psl_get_version();
}

}  // namespace maildoctor::names
