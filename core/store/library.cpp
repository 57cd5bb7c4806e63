#include "core/store/library.h"

#include <sqlite3.h>

namespace maildoctor::store {

std::string library_version() {
    return std::string("sqlite ") + sqlite3_libversion();
}

}  // namespace maildoctor::store
