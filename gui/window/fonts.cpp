#include "gui/window/fonts.h"

#include <fontconfig/fontconfig.h>

#include <array>
#include <memory>
#include <string_view>

#include "core/platform/file.h"

namespace maildoctor::gui {
namespace {

constexpr std::size_t largest_font = 64U << 20U;  // octets

/// Latin, Greek and Cyrillic, punctuation, arrows and mathematical signs.
constexpr std::array<ImWchar, 7> ranges = {0x20, 0x24F, 0x370, 0x52F, 0x2000, 0x22FF, 0};
/// Titles need no arrows.
constexpr std::array<ImWchar, 7> title_ranges = {0x20, 0x24F, 0x370, 0x52F, 0x2010, 0x2026, 0};

struct PatternFree {
    void operator()(FcPattern* pattern) const noexcept { FcPatternDestroy(pattern); }
};
using PatternPtr = std::unique_ptr<FcPattern, PatternFree>;

/// What stb_truetype reads: TrueType and OpenType outlines, alone or in a collection.
bool is_outline_font(std::string_view bytes) {
    using namespace std::string_view_literals;
    return bytes.starts_with("\x00\x01\x00\x00"sv) || bytes.starts_with("true") ||
           bytes.starts_with("OTTO") || bytes.starts_with("ttcf");
}

/// The bytes of the best file for a family; empty without one.
std::string font_bytes(const char* family, int weight) {
    const PatternPtr wanted(FcPatternCreate());
    if (!wanted) return {};
    const auto* const name = reinterpret_cast<const FcChar8*>(family);
    FcPatternAddString(wanted.get(), FC_FAMILY, name);
    FcPatternAddInteger(wanted.get(), FC_WEIGHT, weight);
    FcPatternAddBool(wanted.get(), FC_SCALABLE, FcTrue);
    FcConfigSubstitute(nullptr, wanted.get(), FcMatchPattern);
    FcDefaultSubstitute(wanted.get());
    FcResult result{};
    const PatternPtr found(FcFontMatch(nullptr, wanted.get(), &result));
    FcChar8* file = nullptr;
    if (!found || FcPatternGetString(found.get(), FC_FILE, 0, &file) != FcResultMatch) return {};
    auto bytes = platform::read_file(reinterpret_cast<const char*>(file), largest_font);
    return bytes && is_outline_font(*bytes) ? std::move(*bytes) : std::string();
}

ImFont* add(std::string& bytes, float pixels, const ImWchar* glyphs) {
    ImFontConfig config;
    config.FontDataOwnedByAtlas = false;
    config.OversampleH = config.OversampleV = 1;
    config.PixelSnapH = true;
    return ImGui::GetIO().Fonts->AddFontFromMemoryTTF(bytes.data(), static_cast<int>(bytes.size()), pixels,
                                                      &config, glyphs);
}

ImFont* add_built_in(float pixels) {
    ImFontConfig config;
    config.SizePixels = pixels;
    return ImGui::GetIO().Fonts->AddFontDefault(&config);
}

}  // namespace

FontShelf::FontShelf() {
    if (FcInit() == FcFalse) return;
    body_ = font_bytes("sans-serif", FC_WEIGHT_REGULAR);
    if (body_.empty()) return;
    bold_ = font_bytes("sans-serif", FC_WEIGHT_BOLD);
    mono_ = font_bytes("monospace", FC_WEIGHT_REGULAR);
}

bool FontShelf::build(float pixels) {
    constexpr float title_size = 1.32F, mono_size = 0.92F;
    ImFontAtlas& atlas = *ImGui::GetIO().Fonts;
    atlas.Clear();
    atlas.TexDesiredWidth = pixels > 28 ? 4096 : 2048;
    if (body_.empty()) {
        fonts_.body = fonts_.bold = fonts_.mono = add_built_in(pixels);
        fonts_.title = add_built_in(pixels * title_size);
    } else {
        std::string& bold = bold_.empty() ? body_ : bold_;
        fonts_.body = add(body_, pixels, ranges.data());
        fonts_.bold = add(bold, pixels, ranges.data());
        fonts_.title = add(bold, pixels * title_size, title_ranges.data());
        fonts_.mono = add(mono_.empty() ? body_ : mono_, pixels * mono_size, ranges.data());
    }
    atlas.Build();
    return !body_.empty();
}

}  // namespace maildoctor::gui
