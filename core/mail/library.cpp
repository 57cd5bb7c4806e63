#include "core/mail/library.h"

#include <gsasl.h>

namespace maildoctor::mail {

std::string library_version() {
    return std::string("gsasl ") + gsasl_check_version(nullptr);
}

}  // namespace maildoctor::mail
