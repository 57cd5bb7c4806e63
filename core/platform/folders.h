// Where a user's settings, data and caches belong.
#pragma once

#include <filesystem>

namespace maildoctor::platform {

/// Folders of this program for the current user. They need not exist yet; empty when the user has no home.
struct UserFolders {
    std::filesystem::path config{};  ///< $XDG_CONFIG_HOME/maildoctor, else ~/.config/maildoctor
    std::filesystem::path data{};    ///< $XDG_DATA_HOME/maildoctor, else ~/.local/share/maildoctor
    std::filesystem::path cache{};   ///< $XDG_CACHE_HOME/maildoctor, else ~/.cache/maildoctor
};

/// After the XDG Base Directory Specification; a variable with a relative path is ignored, as it says.
UserFolders user_folders();

}  // namespace maildoctor::platform
