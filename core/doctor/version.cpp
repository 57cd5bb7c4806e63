#include "core/doctor/version.h"

#include <algorithm>

#include "core/async/library.h"
#include "core/dns/library.h"
#include "core/knowledge/pack.h"
#include "core/mail/library.h"
#include "core/names/library.h"
#include "core/store/library.h"
#include "core/tls/library.h"

namespace maildoctor::doctor {

std::string_view version() noexcept {
    return MAILDOCTOR_VERSION;
}

std::vector<Component> components() {
    const knowledge::Pack& pack = knowledge::built_in();
    std::vector<Component> all = {{.name = "rules",
                                   .version = std::string(pack.text(pack.header().pack_name)) + " of " +
                                              std::string(pack.text(pack.header().pack_date))}};
    for (const std::string& library :
         {async::library_versions(), names::library_versions(), dns::library_version(),
          tls::library_version(), mail::library_version(), store::library_version()}) {
        std::string_view rest = library;  // "libidn2 2.3.3; libpsl 0.21.2"
        while (!rest.empty()) {
            const std::size_t end = std::min(rest.find("; "), rest.size());
            const std::string_view one = rest.substr(0, end);
            const std::size_t space = std::min(one.find(' '), one.size());
            all.push_back({.name = std::string(one.substr(0, space)),
                           .version = std::string(one.substr(std::min(space + 1, one.size())))});
            rest.remove_prefix(std::min(rest.size(), end + 2));
        }
    }
    return all;
}

}  // namespace maildoctor::doctor
