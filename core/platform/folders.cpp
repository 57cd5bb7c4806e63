#include "core/platform/folders.h"

#include <string>

#include "core/platform/process.h"

namespace maildoctor::platform {
namespace {

std::filesystem::path folder(const char* variable, const std::filesystem::path& home,
                             const char* below_home) {
    if (const auto value = environment(variable)) {
        std::filesystem::path base(*value);
        if (base.is_absolute()) return base / "maildoctor";
    }
    return home.empty() ? std::filesystem::path{} : home / below_home / "maildoctor";
}

}  // namespace

UserFolders user_folders() {
    const std::filesystem::path home = home_folder();
    return {.config = folder("XDG_CONFIG_HOME", home, ".config"),
            .data = folder("XDG_DATA_HOME", home, ".local/share"),
            .cache = folder("XDG_CACHE_HOME", home, ".cache")};
}

}  // namespace maildoctor::platform
