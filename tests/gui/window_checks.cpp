// What needs a window but no hands: run by window_test.py on a display of its own.
#include <GLFW/glfw3.h>
#include <imgui.h>
#include <imgui_internal.h>

#include <array>
#include <catch2/catch.hpp>
#include <cstdio>
#include <filesystem>
#include <string_view>

#include "core/platform/file.h"
#include "gui/model/scenes.h"
#include "gui/window/secret_memory.h"
#include "gui/window/stage.h"

using namespace maildoctor;
using namespace maildoctor::gui;

TEST_CASE("the window: drops, every scene at every size, frame times", "[gui][window]") {
    auto window = Window::open(1280, 800, false);
    REQUIRE(window);
    App app(gui::Settings{.language = "en"}, {}, {});
    (*window)->connect(app);

    SECTION("a file that is dropped is read") {
        const auto file = std::filesystem::temp_directory_path() / "maildoctor-window-drop-test.txt";
        REQUIRE(platform::write_private_file(file, "0x800CCC0D"));
        const GLFWdropfun dropped = glfwSetDropCallback((*window)->handle(), nullptr);
        REQUIRE(dropped != nullptr);
        const std::string path = file.string();
        std::array<const char*, 1> paths = {path.c_str()};
        dropped((*window)->handle(), 1, paths.data());
        CHECK(app.paste.text == "0x800CCC0D");
        dropped((*window)->handle(), 0, nullptr);
        std::filesystem::remove(file);
    }

    SECTION("view code stays below 3 ms in every scene, theme and text size") {
        for (const std::string& scene : scene_names()) {
            App shown(gui::Settings{.language = "de"}, {}, {});
            (*window)->connect(shown);
            show_scene(shown, scene);
            for (const Theme theme : {Theme::light, Theme::dark, Theme::contrast}) {
                for (const int percent : {80, 100, 250}) {
                    shown.settings.theme = theme;
                    shown.settings.text_percent = percent;
                    (*window)->draw(shown);
                    (*window)->times() = {};
                    for (int i = 0; i < 5; ++i)
                        (*window)->draw(shown);
                    INFO(scene << " at " << percent << " %: " << (*window)->times().text());
                    CHECK((*window)->times().view_median() <= 3.0);
                }
            }
        }
    }

    SECTION("ten thousand rows cost no more") {
        std::vector<std::string> domains;
        for (int i = 0; i < 10000; ++i)
            domains.push_back("domain" + std::to_string(i) + ".example");
        app.validate.set_domains(domains);
        for (std::size_t i = 0; i < 10000; ++i)
            app.validate.put(i, {.report = {.verdict = Verdict::ok}}, app.language);
        app.validate.refresh();
        app.view = View::validate;
        (*window)->draw(app);
        (*window)->times() = {};
        for (int i = 0; i < 30; ++i)
            (*window)->draw(app);
        std::fputs(("10,000 rows: " + (*window)->times().text()).c_str(), stdout);
        CHECK((*window)->times().view_median() <= 3.0);
    }

    SECTION("what was typed into a field is overwritten") {
        constexpr std::string_view typed = "Zwetschge42";
        ImGuiInputTextState& state = ImGui::GetCurrentContext()->InputTextState;
        state.TextW.resize(64);
        for (std::size_t i = 0; i < typed.size(); ++i)
            state.TextW[static_cast<int>(i)] = static_cast<ImWchar>(typed[i]);
        const ImWchar* kept = state.TextW.Data;
        wipe_input_state();
        for (std::size_t i = 0; i < typed.size(); ++i)
            CHECK(kept[i] == 0);
    }
}
