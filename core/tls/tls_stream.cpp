#include "core/tls/tls_stream.h"

#include <openssl/err.h>

#include <algorithm>
#include <array>
#include <utility>

#include "core/model/secret.h"
#include "core/tls/session_keeper.h"

namespace maildoctor::tls {
namespace {

constexpr std::size_t chunk = 16384;
constexpr std::size_t first_limit = 512;
constexpr std::size_t record_header = 5;

Failure in_stage(Failure failure) {
    failure.stage = Stage::tls_handshake;
    return failure;
}

}  // namespace

TlsStream::TlsStream(SslPtr ssl, net::StreamPtr plain)
    : ssl_(std::move(ssl)), plain_(std::move(plain)), in_(BIO_new(BIO_s_mem())), out_(BIO_new(BIO_s_mem())) {
    SSL_set_bio(ssl_.get(), in_, out_);
    SSL_set_app_data(ssl_.get(), this);
    SSL_set_info_callback(ssl_.get(), &TlsStream::on_info);
}

TlsStream::~TlsStream() {
    close();
}

void TlsStream::on_info(const SSL* ssl, int where, int value) {
    constexpr int fatal = 2;
    if (where != SSL_CB_READ_ALERT || (value >> 8) != fatal) return;
    static_cast<TlsStream*>(SSL_get_app_data(ssl))->alert_ = value & 0xff;
}

bool TlsStream::peer_is_not_tls() const noexcept {
    if (first_.empty()) return false;
    const auto type = static_cast<unsigned char>(first_[0]);
    const bool record_type = type >= 20 && type <= 24;
    return !record_type || (first_.size() >= 2 && first_[1] != 3);
}

Task<Result<void>> TlsStream::flush(Deadline deadline) {
    while (BIO_ctrl_pending(out_) > 0) {
        std::string bytes(BIO_ctrl_pending(out_), '\0');
        const int size = BIO_read(out_, bytes.data(), static_cast<int>(bytes.size()));
        if (size <= 0) break;
        bytes.resize(static_cast<std::size_t>(size));
        auto sent = co_await plain_->write(std::move(bytes), deadline);
        if (!sent) co_return std::unexpected(std::move(sent).error());
    }
    co_return Result<void>{};
}

Task<Result<void>> TlsStream::fill(Deadline deadline) {
    if (plain_ended_) co_return failed(Stage::tls_handshake, FailureKind::peer_closed, "connection closed");
    auto bytes = co_await plain_->read_some(chunk, deadline);
    if (!bytes) co_return std::unexpected(std::move(bytes).error());
    if (bytes->empty()) {
        plain_ended_ = true;
        co_return failed(Stage::tls_handshake, FailureKind::peer_closed, "connection closed");
    }
    if (first_.size() < first_limit) first_.append(*bytes, 0, first_limit - first_.size());
    BIO_write(in_, bytes->data(), static_cast<int>(bytes->size()));
    co_return Result<void>{};
}

Failure TlsStream::failure_of(int ssl_error) {
    std::string text = drain_errors();
    if (alert_)
        return {.stage = Stage::tls_handshake,
                .kind = FailureKind::tls_alert,
                .native_code = *alert_,
                .text = SSL_alert_desc_string_long(*alert_)};
    if (peer_is_not_tls())
        return {.stage = Stage::tls_handshake,
                .kind = FailureKind::bad_syntax,
                .text = "the server did not answer with TLS"};
    if (text.empty()) text = "TLS error " + std::to_string(ssl_error);
    return {.stage = Stage::tls_handshake,
            .kind = FailureKind::tls_error,
            .native_code = ssl_error,
            .text = std::move(text)};
}

Task<Result<void>> TlsStream::handshake(Deadline deadline) {
    while (true) {
        ERR_clear_error();
        const int done = SSL_do_handshake(ssl_.get());
        const int error = done == 1 ? SSL_ERROR_NONE : SSL_get_error(ssl_.get(), done);
        std::optional<Failure> broken;
        if (done != 1 && error != SSL_ERROR_WANT_READ && error != SSL_ERROR_WANT_WRITE)
            broken = failure_of(error);
        auto sent = co_await flush(deadline);  // also our own alert, when the handshake broke
        if (broken) co_return std::unexpected(std::move(*broken));
        if (done == 1) co_return Result<void>{};
        if (sent && first_.size() >= 1 && peer_is_not_tls()) {
            // OpenSSL waits for a whole record header; text that ends before is an answer, too.
            if (first_.size() >= record_header) co_return std::unexpected(failure_of(error));
        }
        // A reset while sending: the peer's last words may still be readable.
        auto got = co_await fill(deadline);
        if (!got) {
            if (peer_is_not_tls()) co_return std::unexpected(failure_of(error));
            if (!sent && sent.error().kind != FailureKind::cancelled)
                co_return std::unexpected(in_stage(std::move(sent).error()));
            co_return std::unexpected(in_stage(std::move(got).error()));
        }
    }
}

/// Decrypts what lies waiting. @return SSL_ERROR_NONE with octets in `out`, or what SSL_get_error says
int TlsStream::read_now(std::size_t limit, std::string& out) {
    std::array<char, chunk> octets;  // NOLINT(cppcoreguidelines-pro-type-member-init): filled by OpenSSL
    ERR_clear_error();
    std::size_t size = 0;
    const int ok = SSL_read_ex(ssl_.get(), octets.data(), std::min(limit, octets.size()), &size);
    if (ok != 1) return SSL_get_error(ssl_.get(), ok);
    out.assign(octets.data(), size);
    return SSL_ERROR_NONE;
}

Task<Result<std::string>> TlsStream::read_some(std::size_t limit, Deadline deadline) {
    while (true) {
        std::string bytes;
        const int error = read_now(limit, bytes);
        if (error == SSL_ERROR_NONE) co_return bytes;
        if (error == SSL_ERROR_ZERO_RETURN) co_return std::string{};
        if (error != SSL_ERROR_WANT_READ && error != SSL_ERROR_WANT_WRITE)
            co_return std::unexpected(failure_of(error));
        auto sent = co_await flush(deadline);
        if (!sent) co_return std::unexpected(std::move(sent).error());
        auto got = co_await fill(deadline);
        if (!got) {
            if (plain_ended_) co_return std::string{};  // many servers close without close_notify
            co_return std::unexpected(std::move(got).error());
        }
    }
}

Task<Result<void>> TlsStream::write(std::string bytes, Deadline deadline) {
    const WipeAtEnd no_copy_stays(bytes);  // it may hold a password
    std::size_t at = 0;
    while (at < bytes.size()) {
        ERR_clear_error();
        std::size_t size = 0;
        const int ok = SSL_write_ex(ssl_.get(), bytes.data() + at, bytes.size() - at, &size);
        if (ok != 1) {
            const int error = SSL_get_error(ssl_.get(), ok);
            if (error != SSL_ERROR_WANT_READ && error != SSL_ERROR_WANT_WRITE)
                co_return std::unexpected(failure_of(error));
            if (error == SSL_ERROR_WANT_READ) {
                auto got = co_await fill(deadline);
                if (!got) co_return std::unexpected(std::move(got).error());
            }
        }
        at += size;
        auto sent = co_await flush(deadline);
        if (!sent) co_return std::unexpected(std::move(sent).error());
    }
    co_return Result<void>{};
}

Task<Result<void>> TlsStream::renegotiate(Deadline deadline) {
    ERR_clear_error();
    if (SSL_renegotiate(ssl_.get()) != 1) co_return std::unexpected(failure_of(SSL_ERROR_SSL));
    co_return co_await handshake(deadline);
}

void TlsStream::close() noexcept {
    if (keeper_) std::exchange(keeper_, nullptr)->keep(ssl_.get());
    if (plain_) plain_->close();
    plain_ended_ = true;
}

}  // namespace maildoctor::tls
