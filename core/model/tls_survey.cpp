#include "core/model/tls_survey.h"

#include <algorithm>
#include <array>

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

std::vector<TlsVersion> versions_below(int minor) {
    std::vector<TlsVersion> older{TlsVersion::ssl3};
    constexpr std::array all{TlsVersion::tls1_0, TlsVersion::tls1_1, TlsVersion::tls1_2};
    for (int i = 0; i < minor && i < static_cast<int>(all.size()); ++i)
        older.push_back(all[static_cast<std::size_t>(i)]);
    return older;
}

const VersionSeen* newest(const TlsSurvey& survey) noexcept {
    const VersionSeen* best = nullptr;
    for (const VersionSeen& seen : survey.versions) {
        if (seen.offered == Answer::yes && (best == nullptr || seen.version > best->version)) best = &seen;
    }
    return best;
}

}  // namespace maildoctor
