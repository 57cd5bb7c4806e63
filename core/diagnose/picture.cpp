#include "core/diagnose/picture.h"

#include <algorithm>

#include "core/model/dialog.h"

namespace maildoctor::diagnose {
namespace {

template <class Predicate>
const Observation* first(const std::vector<Observation>& seen, Predicate matches) {
    const auto found = std::ranges::find_if(seen, matches);
    return found == seen.end() ? nullptr : &*found;
}

/// The more a look-up's end says, the smaller.
int telling_rank(const Observation* seen) {
    if (seen == nullptr || !seen->dns) return 99;
    switch (seen->dns->status) {
        case DnsStatus::bogus:
            return 0;
        case DnsStatus::alias_loop:
            return 1;
        case DnsStatus::no_such_name:
            return 2;
        case DnsStatus::server_failure:
            return 3;
        case DnsStatus::refused:
            return 4;
        case DnsStatus::malformed:
            return 5;
        case DnsStatus::no_answer:
            return 6;
        case DnsStatus::no_data:
            return 7;
        case DnsStatus::found:
            return 8;
    }
    return 99;
}

}  // namespace

bool HostPicture::has_address() const noexcept {
    return (v4 != nullptr && !v4->dns->addresses.empty()) || (v6 != nullptr && !v6->dns->addresses.empty());
}

const Observation* HostPicture::telling() const noexcept {
    return telling_rank(v6) < telling_rank(v4) ? v6 : v4;
}

bool HostPicture::from_hosts_file() const noexcept {
    return (v4 != nullptr && v4->dns->from_hosts_file) || (v6 != nullptr && v6->dns->from_hosts_file);
}

const Observation* Picture::dns(std::string_view name, RecordType type) const noexcept {
    return first(seen_,
                 [&](const Observation& o) { return o.dns && o.dns->type == type && o.dns->name == name; });
}

HostPicture Picture::host(std::string_view name) const noexcept {
    return {.v4 = dns(name, RecordType::a), .v6 = dns(name, RecordType::aaaa)};
}

const Observation* Picture::dialog(std::string_view host, Port port, Protocol protocol,
                                   bool tls) const noexcept {
    return first(seen_, [&](const Observation& o) {
        return is_dialog(o) && o.source != address_source && o.subject.host == host &&
               o.subject.port == port && o.subject.protocol == protocol &&
               (o.subject.security == Security::tls) == tls;
    });
}

std::vector<const Observation*> Picture::dialogs_by_address(const ServerSetting& setting) const {
    std::vector<const Observation*> found;
    for (const Observation& o : seen_) {
        if (is_dialog(o) && o.source == address_source && o.subject.host == setting.host.text() &&
            o.subject.port == setting.port &&
            (o.subject.security == Security::tls) == (setting.security == Security::tls))
            found.push_back(&o);
    }
    return found;
}

const Observation* Picture::dialog(const ServerSetting& setting) const noexcept {
    return dialog(setting.host.text(), setting.port, setting.protocol, setting.security == Security::tls);
}

const Observation* Picture::other_mode(const Observation& dialog) const noexcept {
    return first(seen_, [&](const Observation& o) {
        return is_dialog(o) && o.source != address_source && o.subject.host == dialog.subject.host &&
               o.subject.port == dialog.subject.port &&
               (o.subject.security == Security::tls) != (dialog.subject.security == Security::tls);
    });
}

const Observation* Picture::other_port_that_answers(std::string_view host, Port except) const noexcept {
    return first(seen_, [&](const Observation& o) {
        if ((!is_dialog(o) && !is_connect(o)) || o.subject.host != host || o.subject.port == except)
            return false;
        return connected(o) || failed_with(o, Stage::connect, FailureKind::refused);
    });
}

const Observation* Picture::probe(std::string_view name) const noexcept {
    return first(seen_, [&](const Observation& o) { return o.probe == name; });
}

}  // namespace maildoctor::diagnose
