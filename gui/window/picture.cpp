#include "gui/window/picture.h"

#include <png.h>

#include <cstring>

namespace maildoctor::gui {

std::expected<void, std::string> write_png(const std::string& path, const Picture24& picture) {
    png_image image{};
    image.version = PNG_IMAGE_VERSION;
    image.width = static_cast<png_uint_32>(picture.width);
    image.height = static_cast<png_uint_32>(picture.height);
    image.format = PNG_FORMAT_RGB;
    if (png_image_write_to_file(&image, path.c_str(), 0, picture.pixels.data(), 0, nullptr) != 0) return {};
    std::string line = path + ": cannot be written: " + image.message;
    png_image_free(&image);
    return std::unexpected(std::move(line));
}

}  // namespace maildoctor::gui
