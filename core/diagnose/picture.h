// The observations of a run in the order in which a diagnosis asks for them.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/model/observation.h"
#include "core/model/settings.h"

namespace maildoctor::diagnose {

/// What DNS said about a host name.
struct HostPicture {
    const Observation* v4{};
    const Observation* v6{};

    bool asked() const noexcept { return v4 != nullptr || v6 != nullptr; }
    bool has_address() const noexcept;
    /// The look-up that tells best why there is no address: a failure before "no data".
    const Observation* telling() const noexcept;
    bool from_hosts_file() const noexcept;
};

class Picture {
public:
    explicit Picture(const std::vector<Observation>& seen) : seen_(seen) {}

    const std::vector<Observation>& all() const noexcept { return seen_; }
    const Observation* dns(std::string_view name, RecordType type) const noexcept;
    HostPicture host(std::string_view name) const noexcept;
    /// The dialog at a port in a mode (tls, or a plain start for starttls and none), or nullptr.
    const Observation* dialog(std::string_view host, Port port, Protocol protocol, bool tls) const noexcept;
    /// Dialogs with single addresses of the setting's host, beside the one that the race decided.
    std::vector<const Observation*> dialogs_by_address(const ServerSetting& setting) const;
    /// The dialog for a setting.
    const Observation* dialog(const ServerSetting& setting) const noexcept;
    /// The dialog at the same port in the other mode, whatever the protocol.
    const Observation* other_mode(const Observation& dialog) const noexcept;
    /// Whether any port of the host answered (accepted or refused), other than `except`.
    const Observation* other_port_that_answers(std::string_view host, Port except) const noexcept;
    const Observation* probe(std::string_view name) const noexcept;

private:
    const std::vector<Observation>& seen_;
};

}  // namespace maildoctor::diagnose
