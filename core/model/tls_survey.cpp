#include "core/model/tls_survey.h"

#include <algorithm>

namespace maildoctor {

std::string_view version_name(TlsVersion version) noexcept {
    switch (version) {
        case TlsVersion::ssl2:
            return "SSL 2";
        case TlsVersion::ssl3:
            return "SSL 3";
        case TlsVersion::tls1_0:
            return "TLS 1.0";
        case TlsVersion::tls1_1:
            return "TLS 1.1";
        case TlsVersion::tls1_2:
            return "TLS 1.2";
        case TlsVersion::tls1_3:
            return "TLS 1.3";
    }
    return "TLS";
}

const VersionSeen* find_version(const TlsSurvey& survey, TlsVersion version) noexcept {
    const auto found = std::ranges::find(survey.versions, version, &VersionSeen::version);
    return found == survey.versions.end() ? nullptr : &*found;
}

bool offers(const TlsSurvey& survey, TlsVersion version) noexcept {
    const VersionSeen* seen = find_version(survey, version);
    return seen != nullptr && seen->offered == Answer::yes;
}

const VersionSeen* newest(const TlsSurvey& survey) noexcept {
    const VersionSeen* best = nullptr;
    for (const VersionSeen& seen : survey.versions) {
        if (seen.offered == Answer::yes && (best == nullptr || seen.version > best->version)) best = &seen;
    }
    return best;
}

}  // namespace maildoctor
