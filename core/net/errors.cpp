#include "core/net/errors.h"

#include <asio.hpp>

namespace maildoctor::net {

Failure failure_from(const asio::error_code& error, Stage stage) {
    namespace e = asio::error;
    const auto make = [&](FailureKind kind, const char* text) {
        return Failure{.stage = stage, .kind = kind, .native_code = error.value(), .text = text};
    };
    if (error == e::connection_refused) return make(FailureKind::refused, "connection refused");
    if (error == e::timed_out) return make(FailureKind::timed_out, "no answer");
    if (error == e::host_unreachable) return make(FailureKind::unreachable, "no route to the host");
    if (error == e::network_unreachable) return make(FailureKind::unreachable, "network is unreachable");
    if (error == e::network_down) return make(FailureKind::unreachable, "network is down");
    if (error == e::connection_reset) return make(FailureKind::reset, "connection reset");
    if (error == e::connection_aborted) return make(FailureKind::reset, "connection aborted");
    if (error == e::broken_pipe) return make(FailureKind::reset, "connection closed while sending");
    if (error == e::eof) return make(FailureKind::peer_closed, "connection closed");
    if (error == e::operation_aborted) return make(FailureKind::cancelled, "stopped");
    if (error == e::access_denied)
        return make(FailureKind::not_possible, "not permitted by this computer (firewall)");
    if (error == e::address_family_not_supported)
        return make(FailureKind::not_possible, "address family not supported here");
    if (error == e::no_descriptors)
        return make(FailureKind::not_possible, "too many open connections on this computer");
    if (error == e::invalid_argument || error == e::fault)
        return make(FailureKind::unreachable, "this computer cannot use that address");
    return make(FailureKind::not_possible, "the system refused the operation");
}

}  // namespace maildoctor::net
