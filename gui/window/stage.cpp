#include "gui/window/stage.h"

#define GLFW_INCLUDE_GLCOREARB
#define GL_GLEXT_PROTOTYPES
#include <GLFW/glfw3.h>
#include <backends/imgui_impl_glfw.h>
#include <backends/imgui_impl_opengl3.h>
#include <imgui.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <utility>

#include "core/model/secret.h"
#include "core/model/text.h"
#include "gui/view/views.h"
#include "gui/window/display_loss.h"
#include "gui/window/keys.h"
#include "gui/window/secret_memory.h"

namespace maildoctor::gui {
namespace {

constexpr float usual_text = 16;  // pixels at 100 % on an ordinary screen
constexpr int smallest_width = 480, smallest_height = 320;

std::string& last_error() {
    static std::string text;
    return text;
}

void keep_error(int /*code*/, const char* description) {
    last_error() = cleaned(description, 300);
}

std::unexpected<std::string> no_window(const std::string& what) {
    return std::unexpected(what + (last_error().empty() ? "" : ": " + last_error()));
}

double milliseconds_since(std::chrono::steady_clock::time_point began) {
    return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - began).count();
}

Window::Hands& hands_of(GLFWwindow* window) {
    return *static_cast<Window::Hands*>(glfwGetWindowUserPointer(window));
}

void dropped(GLFWwindow* window, int count, const char** paths) {
    App* app = hands_of(window).app;
    if (count > 0 && app != nullptr) app->take_file(paths[0]);
}

void key_changed(GLFWwindow* window, int key, int /*scancode*/, int action, int modifiers) {
    if (action == GLFW_PRESS)
        hands_of(window).presses.push_back(
            {key, (modifiers & GLFW_MOD_CONTROL) != 0 && (modifiers & GLFW_MOD_ALT) == 0});
}

/// GLFW keeps a copy of the clipboard, which may be a password: it is overwritten as soon as it was read.
const char* read_clipboard(void* user) {
    auto& kept = *static_cast<std::string*>(user);
    wipe(kept);
    kept.clear();
    if (const char* text = glfwGetClipboardString(nullptr)) {
        kept = text;
        wipe(const_cast<char*>(text), std::strlen(text));
    }
    return kept.c_str();
}

void write_clipboard(void* /*user*/, const char* text) {
    glfwSetClipboardString(nullptr, text);
}

double median(std::vector<double> values) {
    if (values.empty()) return 0;
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::ranges::nth_element(values, middle);
    return *middle;
}

void hint_context() {
    glfwWindowHint(GLFW_CONTEXT_VERSION_MAJOR, 3);
    glfwWindowHint(GLFW_CONTEXT_VERSION_MINOR, 2);
    glfwWindowHint(GLFW_OPENGL_PROFILE, GLFW_OPENGL_CORE_PROFILE);
    glfwWindowHint(GLFW_OPENGL_FORWARD_COMPAT, GLFW_TRUE);
    glfwWindowHintString(GLFW_X11_CLASS_NAME, "maildoctor");
    glfwWindowHintString(GLFW_X11_INSTANCE_NAME, "maildoctor");
}

}  // namespace

std::string FrameTimes::text() const {
    const auto most = [](const std::vector<double>& values) {
        return values.empty() ? 0.0 : *std::ranges::max_element(values);
    };
    char line[200];
    std::snprintf(
        line, sizeof line,
        "frames %zu, view code median %.2f ms most %.2f ms, whole frame median %.2f ms most %.2f ms\n",
        view_ms.size(), median(view_ms), most(view_ms), median(whole_ms), most(whole_ms));
    return line;
}

double FrameTimes::view_median() const {
    return median(view_ms);
}

std::expected<std::unique_ptr<Window>, std::string> Window::open(int width, int height, bool visible) {
    glfwSetErrorCallback(keep_error);
    if (glfwInit() == GLFW_FALSE) return no_window("no window can be opened here");
    end_when_display_is_lost();
    hint_context();
    glfwWindowHint(GLFW_VISIBLE, visible ? GLFW_TRUE : GLFW_FALSE);
    std::unique_ptr<Window> window(new Window);
    window->handle_ = glfwCreateWindow(width, height, "maildoctor", nullptr, nullptr);
    if (window->handle_ == nullptr) return no_window("OpenGL 3 is needed and cannot be used here");
    glfwSetWindowSizeLimits(window->handle_, smallest_width, smallest_height, GLFW_DONT_CARE, GLFW_DONT_CARE);
    glfwMakeContextCurrent(window->handle_);
    glfwSwapInterval(visible ? 1 : 0);
    glfwSetWindowUserPointer(window->handle_, &window->hands_);
    glfwSetKeyCallback(window->handle_, key_changed);  // ImGui's own calls it, too
    use_wiping_allocator();
    ImGui::CreateContext();
    window->imgui_ = true;
    ImGuiIO& io = ImGui::GetIO();
    io.IniFilename = nullptr;
    io.ConfigFlags |= ImGuiConfigFlags_NavEnableKeyboard;
    io.ConfigInputTextCursorBlink = false;  // a blinking cursor would draw frames for nothing
    ImGui_ImplGlfw_InitForOpenGL(window->handle_, true);
    io.ClipboardUserData = &window->clipboard_;
    io.GetClipboardTextFn = read_clipboard;
    io.SetClipboardTextFn = write_clipboard;
    if (!ImGui_ImplOpenGL3_Init("#version 150"))
        return no_window("OpenGL 3 is needed and cannot be used here");
    window->shelf_ = std::make_unique<FontShelf>();
    return window;
}

Window::~Window() {
    if (imgui_) {
        if (ImGui::GetIO().BackendRendererUserData != nullptr) ImGui_ImplOpenGL3_Shutdown();
        ImGui_ImplGlfw_Shutdown();
        ImGui::DestroyContext();
    }
    if (handle_ != nullptr) glfwDestroyWindow(handle_);
    glfwTerminate();
}

void Window::connect(App& app) {
    hands_.app = &app;
    glfwSetDropCallback(handle_, dropped);
}

void Window::use_settings(const App& app) {
    float scale_x = 1, scale_y = 1;
    glfwGetWindowContentScale(handle_, &scale_x, &scale_y);
    const float pixels = std::round(usual_text * std::clamp(scale_x, 1.0F, 4.0F) *
                                    static_cast<float>(app.settings.text_percent) / 100);
    const bool new_size = pixels != pixels_;
    if (new_size) {
        has_font_ = shelf_->build(pixels);
        ImGui_ImplOpenGL3_DestroyFontsTexture();
        ImGui_ImplOpenGL3_CreateFontsTexture();
    }
    if (new_size || theme_ != static_cast<int>(app.settings.theme))
        apply_style(palette_of(app.settings.theme), pixels, app.settings.theme);
    pixels_ = pixels;
    theme_ = static_cast<int>(app.settings.theme);
}

void Window::build_frame(App& app) {
    use_settings(app);
    ImGui_ImplOpenGL3_NewFrame();
    ImGui_ImplGlfw_NewFrame();
    const auto began = std::chrono::steady_clock::now();
    ImGui::NewFrame();
    take_keys(app, std::exchange(hands_.presses, {}));
    draw_window(
        {.app = app, .color = palette_of(app.settings.theme), .fonts = shelf_->fonts(), .em = pixels_});
    if (std::exchange(app.wipe_input, false)) wipe_input_state();
    ImGui::Render();
    times_.view_ms.push_back(milliseconds_since(began));
    if (app.to_clipboard) {
        glfwSetClipboardString(handle_, app.to_clipboard->c_str());
        app.to_clipboard.reset();
    }
}

void Window::draw(App& app) {
    int width = 0, height = 0;
    glfwGetFramebufferSize(handle_, &width, &height);
    if (width == 0 || height == 0) return;  // minimised
    const auto began = std::chrono::steady_clock::now();
    build_frame(app);
    const ImVec4 ground = as_vector(palette_of(app.settings.theme).background);
    glViewport(0, 0, width, height);
    glClearColor(ground.x, ground.y, ground.z, 1);
    glClear(GL_COLOR_BUFFER_BIT);
    ImGui_ImplOpenGL3_RenderDrawData(ImGui::GetDrawData());
    glFinish();
    times_.whole_ms.push_back(milliseconds_since(began));
}

void Window::present() {
    glfwSwapBuffers(handle_);
}

Picture24 Window::draw_picture(App& app) {
    Picture24 picture;
    glfwGetFramebufferSize(handle_, &picture.width, &picture.height);
    GLuint buffer = 0, texture = 0;
    glGenTextures(1, &texture);
    glBindTexture(GL_TEXTURE_2D, texture);
    glTexImage2D(GL_TEXTURE_2D, 0, GL_RGB8, picture.width, picture.height, 0, GL_RGB, GL_UNSIGNED_BYTE,
                 nullptr);
    glGenFramebuffers(1, &buffer);
    glBindFramebuffer(GL_FRAMEBUFFER, buffer);
    glFramebufferTexture2D(GL_FRAMEBUFFER, GL_COLOR_ATTACHMENT0, GL_TEXTURE_2D, texture, 0);
    draw(app);
    const auto row = static_cast<std::size_t>(picture.width) * 3,
               rows = static_cast<std::size_t>(picture.height);
    std::vector<std::uint8_t> bottom_up(row * rows);
    glPixelStorei(GL_PACK_ALIGNMENT, 1);
    glReadPixels(0, 0, picture.width, picture.height, GL_RGB, GL_UNSIGNED_BYTE, bottom_up.data());
    glBindFramebuffer(GL_FRAMEBUFFER, 0);
    glDeleteFramebuffers(1, &buffer);
    glDeleteTextures(1, &texture);
    picture.pixels.resize(row * rows);
    for (std::size_t y = 0; y < rows; ++y)
        std::copy_n(bottom_up.begin() + static_cast<std::ptrdiff_t>((rows - 1 - y) * row), row,
                    picture.pixels.begin() + static_cast<std::ptrdiff_t>(y * row));
    return picture;
}

}  // namespace maildoctor::gui
