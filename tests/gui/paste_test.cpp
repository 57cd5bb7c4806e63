// Paste: texts, their explanation, tickets; and the whole window's model around it.
#include "gui/model/paste.h"

#include <catch2/catch.hpp>
#include <filesystem>

#include "core/platform/file.h"
#include "gui/model/app.h"
#include "gui/model/scenes.h"

using namespace maildoctor;
using namespace maildoctor::gui;

namespace {

App make_app() {
    return App(gui::Settings{.language = "en"}, {}, {});
}

}  // namespace

TEST_CASE("a pasted error is explained, with what decided it", "[gui][paste]") {
    PasteModel paste({});
    paste.put(example_text());
    paste.settle(Language::english);
    REQUIRE(paste.has_answer());
    REQUIRE(paste.said().known);
    REQUIRE_FALSE(paste.said().decided_by.empty());
    CHECK(paste.can_ask());
    const std::string ticket = paste.ticket(Language::english);
    CHECK(ticket.starts_with("# " + paste.said().text.title.substr(0, 5)));
    CHECK(ticket.find("pop.example.org") == std::string::npos);
    CHECK_FALSE(paste.for_customer().empty());
}

TEST_CASE("the language changes the words, not the cause", "[gui][paste]") {
    PasteModel paste({});
    paste.put(example_text());
    paste.settle(Language::english);
    const Cause cause = paste.said().cause;
    const std::string title = paste.said().text.title;
    paste.retell(Language::german);
    CHECK(paste.said().cause == cause);
    CHECK(paste.said().text.title != title);
}

TEST_CASE("an emptied field has no answer, and the latest text wins", "[gui][paste]") {
    PasteModel paste({});
    for (int i = 0; i < 50; ++i)
        paste.put(std::string(static_cast<std::size_t>(i), 'x'));
    paste.put("0x800CCC0D");
    paste.settle(Language::english);
    REQUIRE(paste.has_answer());
    CHECK(paste.said().cause == Cause::dns_host_not_found);
    paste.put("  \n");
    paste.settle(Language::english);
    CHECK_FALSE(paste.has_answer());
    CHECK(paste.ticket(Language::english).empty());
}

TEST_CASE("hostile text is bounded and cleaned in the field", "[gui][paste]") {
    PasteModel paste({});
    paste.put("a\x1b[2Jb\r\nc\rd\x7f\te");
    CHECK(paste.text == "a [2Jb\nc\nd  e");
    paste.put(std::string(longest_paste - 1, 'x') + "\xC3\xA4" + "rest");
    CHECK(paste.was_cut());
    CHECK(paste.text.size() <= longest_paste);
    CHECK(static_cast<unsigned char>(paste.text.back()) == 'x');
}

TEST_CASE("a dropped file goes to Paste, on Validate into the list", "[gui][drop]") {
    App app = make_app();
    const auto file = std::filesystem::temp_directory_path() / "maildoctor-gui-drop-test.eml";
    REQUIRE(platform::write_private_file(file, "550 5.1.1 <a@example.org>: user unknown"));
    app.view = View::learn;
    app.take_file(file);
    CHECK(app.view == View::paste);
    app.paste.settle(app.language);
    CHECK(app.paste.said().cause == Cause::smtp_recipient_unknown);
    app.view = View::validate;
    app.take_file(file);
    CHECK(app.view == View::validate);
    CHECK(app.validate.text.find("example.org") != std::string::npos);
    REQUIRE(platform::write_private_file(file, std::string("a\0b", 3)));
    app.take_file(file);
    REQUIRE(app.notice() != nullptr);
    CHECK(app.notice()->fault);
    app.take_file("/nonexistent");
    CHECK(app.notice()->fault);
    std::filesystem::remove(file);
}

TEST_CASE("the mail program that is chosen holds everywhere", "[gui][app]") {
    App app = make_app();
    app.paste.put(example_text());
    app.paste.settle(app.language);
    app.show_fix();
    CHECK(app.view == View::fix);
    REQUIRE_FALSE(app.fix.empty());
    CHECK(app.fix.guide().empty());
    app.set_program("thunderbird");
    CHECK_FALSE(app.fix.guide().empty());
    CHECK(app.check.form.program == "thunderbird");
    app.set_language(Language::german);
    CHECK_FALSE(app.fix.guide().empty());
    CHECK(app.programs().size() > 20);
}

TEST_CASE("every scene can be shown in every language", "[gui][scenes]") {
    for (const std::string& name : scene_names()) {
        for (const char* language : {"en", "de"}) {
            App app(gui::Settings{.language = language}, {}, {});
            show_scene(app, name);
            CHECK(app.busy() == (name == "check-running"));
        }
    }
}
