// A session between two handshakes. For the .cpp files of this room only.
#pragma once

#include <utility>

#include "core/tls/openssl_ptr.h"

namespace maildoctor::tls {

class SessionKeeper {
public:
    /// Lets a new connection take up what is kept.
    void resume(SSL* ssl) const noexcept {
        if (session_) SSL_set_session(ssl, session_.get());
    }
    /// Keeps the session of a connection that ends, when it can be taken up again.
    void keep(SSL* ssl) noexcept {
        SessionPtr session(SSL_get1_session(ssl));
        if (session && SSL_SESSION_is_resumable(session.get()) == 1) session_ = std::move(session);
    }
    bool has_ticket() const noexcept {
        return session_ != nullptr && SSL_SESSION_has_ticket(session_.get()) == 1;
    }

private:
    SessionPtr session_;
};

}  // namespace maildoctor::tls
