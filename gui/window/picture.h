// Pictures of the window.
#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <vector>

namespace maildoctor::gui {

/// Three octets a pixel, rows from the top.
struct Picture24 {
    int width{}, height{};
    std::vector<std::uint8_t> pixels{};
};

/// Writes a PNG file. @return one line that says why it is not possible
std::expected<void, std::string> write_png(const std::string& path, const Picture24& picture);

}  // namespace maildoctor::gui
