// What every probe of one run shares.
#pragma once

#include <memory>
#include <string>

#include "core/async/deadline.h"
#include "core/dns/resolver.h"
#include "core/tls/client.h"

namespace maildoctor::probe {

struct Context {
    std::shared_ptr<dns::Resolver> resolver;
    std::shared_ptr<tls::Client> tls;
    std::string ehlo_name{};  ///< empty: the address literal that mail programs use
    Clock::time_point began{Clock::now()};
    Deadline deadline{Clock::time_point::max()};  ///< of the whole run

    std::chrono::milliseconds since_began() const {
        return std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - began);
    }
};

using ContextPtr = std::shared_ptr<const Context>;

}  // namespace maildoctor::probe
