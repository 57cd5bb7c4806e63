#include "core/diagnose/outdated.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "core/diagnose/clock.h"

namespace maildoctor::diagnose {
namespace {

bool by_date(const Draft& draft) {
    return draft.cause == Cause::tls_certificate_expired ||
           draft.cause == Cause::tls_certificate_not_yet_valid;
}

/// Where another certificate is valid right now, nobody needs to look at the clock.
void tell_clock_is_right(const Picture& picture, std::vector<Draft>& drafts) {
    for (Draft& draft : drafts) {
        if (by_date(draft) && draft.variant.empty() && clock_fits_another(picture, draft))
            draft.variant = "clock-is-right";
    }
}

}  // namespace

void blame_clock(const Case& seen, const Picture& picture, std::vector<Draft>& drafts) {
    auto clock = judge_clock(picture, seen.now, seen.request.language);
    if (!clock) {
        clock = judge_clock_by_root(picture, seen.now, seen.request.language);
        if (!clock) return tell_clock_is_right(picture, drafts);
        std::erase_if(drafts, [](const Draft& draft) { return draft.cause == Cause::dns_dnssec_bogus; });
    }
    std::erase_if(drafts, [&](Draft& draft) {
        if (!by_date(draft)) return false;
        std::ranges::move(draft.evidence, std::back_inserter(clock->evidence));
        return true;
    });
    drafts.push_back(std::move(*clock));
}

}  // namespace maildoctor::diagnose
