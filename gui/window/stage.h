// One GLFW window with OpenGL 3 and ImGui in it.
#pragma once

#include <chrono>
#include <expected>
#include <memory>
#include <string>
#include <vector>

#include "gui/model/app.h"
#include "gui/window/fonts.h"
#include "gui/window/keys.h"
#include "gui/window/picture.h"

struct GLFWwindow;

namespace maildoctor::gui {

/// How long frames took; for --frame-times.
struct FrameTimes {
    std::vector<double> view_ms{};   ///< from NewFrame to Render: our own code and ImGui's
    std::vector<double> whole_ms{};  ///< with drawing
    std::string text() const;
    double view_median() const;
};

class Window {
public:
    /// What GLFW's callbacks reach.
    struct Hands {
        App* app{};
        std::vector<KeyPress> presses{};
    };

    /// @param visible false: for pictures
    /// @return the window, or one line that says why there can be none
    static std::expected<std::unique_ptr<Window>, std::string> open(int width, int height, bool visible);
    Window(const Window&) = delete;
    Window& operator=(const Window&) = delete;
    ~Window();

    /// Gives keys, dropped files and the clipboard to the window's model.
    void connect(App& app);
    /// Draws one frame. Takes the model's theme and text size over first.
    void draw(App& app);
    /// Draws one frame into a picture instead.
    Picture24 draw_picture(App& app);
    void present();
    GLFWwindow* handle() const noexcept { return handle_; }
    FrameTimes& times() noexcept { return times_; }
    bool has_system_font() const noexcept { return has_font_; }

private:
    Window() = default;
    void use_settings(const App& app);
    void build_frame(App& app);

    GLFWwindow* handle_{};
    bool imgui_{false}, has_font_{true};
    std::unique_ptr<FontShelf> shelf_{};
    float pixels_{0};
    int theme_{-1};
    FrameTimes times_{};
    std::string clipboard_{};
    Hands hands_{};
};

}  // namespace maildoctor::gui
