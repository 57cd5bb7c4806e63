#include "gui/window/window.h"

#include <GLFW/glfw3.h>

#include <algorithm>
#include <cstdio>

#include "core/model/text.h"
#include "gui/model/scenes.h"
#include "gui/window/stage.h"

namespace maildoctor::gui {
namespace {

constexpr double busy_wait = 0.1;  // seconds between two frames while something runs
constexpr int frames_to_settle = 2;

void complain(std::string_view line) {
    const std::string text = "maildoctor-gui: " + cleaned(line, 1000) + "\n";
    std::fwrite(text.data(), 1, text.size(), stderr);
}

/// Sleeps until there is something to draw.
void wait_for_news(const App& app) {
    if (app.busy()) {
        glfwWaitEventsTimeout(busy_wait);
    } else if (const auto left = app.notice_left()) {
        glfwWaitEventsTimeout(std::chrono::duration<double>(*left).count() + 0.01);
    } else {
        glfwWaitEvents();
    }
}

/// Remembers settings when they change; complains once.
class Memory {
public:
    Memory(std::filesystem::path file, Settings known, Settings usual)
        : file_(std::move(file)), known_(std::move(known)), usual_(std::move(usual)) {}

    void keep(App& app) {
        if (app.settings == known_) return;
        known_ = app.settings;
        const auto saved = save_settings(file_, known_, usual_);
        if (saved || complained_) return;
        complained_ = true;
        const std::string line = say::settings_unwritable.in(app.language) + saved.error();
        complain(line);
        app.tell(line, true);
    }

private:
    std::filesystem::path file_;
    Settings known_, usual_;
    bool complained_{false};
};

void keep_size(GLFWwindow* window, Settings& settings) {
    int width = 0, height = 0;
    glfwGetWindowSize(window, &width, &height);
    if (width > 0 && height > 0 && glfwGetWindowAttrib(window, GLFW_MAXIMIZED) == GLFW_FALSE) {
        settings.width = width;
        settings.height = height;
    }
}

/// No larger than the screen.
void fit_to_screen(Settings& settings) {
    GLFWmonitor* screen = glfwGetPrimaryMonitor();
    if (screen == nullptr) return;
    int x = 0, y = 0, width = 0, height = 0;
    glfwGetMonitorWorkarea(screen, &x, &y, &width, &height);
    if (width > 0) settings.width = std::min(settings.width, width);
    if (height > 0) settings.height = std::min(settings.height, height);
}

void loop(Window& window, App& app, Memory& memory) {
    int settle = frames_to_settle;
    while (!app.quit && glfwWindowShouldClose(window.handle()) == GLFW_FALSE) {
        if (settle > 0) {
            --settle;
            glfwPollEvents();
        } else {
            wait_for_news(app);
            settle = frames_to_settle;
        }
        app.poll();
        window.draw(app);
        window.present();
        if (settle == 0) memory.keep(app);
    }
    keep_size(window.handle(), app.settings);
    memory.keep(app);
}

}  // namespace

std::expected<void, std::string> run_window(const CommandLine& line,
                                            const std::filesystem::path& settings_file) {
    const Settings remembered = load_settings(settings_file, line.usual);
    auto window =
        Window::open(line.width.value_or(remembered.width), line.height.value_or(remembered.height), true);
    if (!window) return std::unexpected(std::move(window).error());
    {
        App app(remembered, line, [] { glfwPostEmptyEvent(); });
        if (!line.width) fit_to_screen(app.settings);
        Memory memory(settings_file, remembered, line.usual);
        (*window)->connect(app);
        (*window)->draw(app);
        if (!(*window)->has_system_font()) {
            complain(say::no_font.english);
            app.tell(say::no_font.in(app.language), true);
        }
        loop(**window, app, memory);
        if (const auto took = app.check.took_to_stop(); took && line.frame_times)
            std::fprintf(stderr, "the check ended %lld ms after it was stopped\n",
                         static_cast<long long>(took->count()));
    }
    if (line.frame_times) std::fputs((*window)->times().text().c_str(), stderr);
    return {};
}

std::expected<void, std::string> take_screenshot(const CommandLine& line) {
    CommandLine still = line;
    if (still.language.empty()) still.language = "en";
    const Settings usual;
    auto window = Window::open(line.width.value_or(usual.width), line.height.value_or(usual.height), false);
    if (!window) return std::unexpected(std::move(window).error());
    App app(usual, still, {});
    (*window)->connect(app);
    show_scene(app, line.scene);
    constexpr int frames_for_layout = 3, frames_to_measure = 60;
    const int frames = line.frame_times ? frames_to_measure : frames_for_layout;
    Picture24 picture;
    for (int i = 0; i < frames; ++i) {
        picture = (*window)->draw_picture(app);
        if (i < frames_for_layout) (*window)->times() = {};
    }
    if (line.frame_times) std::fputs((*window)->times().text().c_str(), stderr);
    return write_png(line.screenshot, picture);
}

}  // namespace maildoctor::gui
