// A session between two handshakes. For the .cpp files of this room only.
#pragma once

#include "core/tls/openssl_ptr.h"

namespace maildoctor::tls {

class SessionKeeper {
public:
    /// Lets a new connection take up what is kept.
    void resume(SSL* ssl) const noexcept {
        if (session_) SSL_set_session(ssl, session_.get());
    }
    /// Keeps the session of a connection that ends, when it can be taken up again. A copy: OpenSSL spoils the
    /// session of a connection that is freed without a word of good-bye.
    void keep(SSL* ssl) noexcept {
        SSL_SESSION* const current = SSL_get_session(ssl);
        if (current == nullptr || SSL_SESSION_is_resumable(current) != 1) return;
        session_.reset(SSL_SESSION_dup(current));
    }
    bool has_ticket() const noexcept {
        return session_ != nullptr && SSL_SESSION_has_ticket(session_.get()) == 1;
    }

private:
    SessionPtr session_;
};

}  // namespace maildoctor::tls
