#include "core/tls/library.h"

#include <openssl/crypto.h>

namespace maildoctor::tls {

std::string library_version() {
    return std::string("openssl ") + OpenSSL_version(OPENSSL_VERSION_STRING);
}

}  // namespace maildoctor::tls
