// What all loops of a process share while they work on domains. For bulk runs and what is made of them.
#pragma once

#include <memory>

#include "core/dns/resolver.h"
#include "core/doctor/bulk.h"
#include "core/doctor/politeness.h"
#include "core/doctor/server_book.h"
#include "core/tls/client.h"

namespace maildoctor::doctor {

struct Commons {
    std::shared_ptr<tls::Client> tls{};  ///< with the chains that it remembers
    dns::SharedAnswers answers{};
    std::shared_ptr<Politeness> politeness{};
    std::shared_ptr<ServerBook> book{};
};

/// The same, but every mail server is visited anew.
std::shared_ptr<Commons> with_new_book(const Commons& commons, const Options& options,
                                       const ValidationOptions& validation);

}  // namespace maildoctor::doctor
