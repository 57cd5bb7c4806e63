#include "cli/manual.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <string_view>

#include "cli/command.h"
#include "cli/help.h"
#include "core/model/text.h"

namespace maildoctor::cli {
namespace {

bool is_word(std::string_view text) {
    return !text.empty() && text.size() < 20 &&
           std::ranges::all_of(
               text, [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; });
}

/// The pieces of "text, json, markdown (a ticket), html, or message (ready…)" up to the first that is no
/// single word.
std::vector<std::string> listed_words(std::string text) {
    for (std::size_t open = text.find(" ("); open != std::string::npos; open = text.find(" (")) {
        const std::size_t close = text.find(')', open);
        if (close == std::string::npos) break;
        text.erase(open, close - open + 1);
    }
    text = text.substr(0, text.find_first_of(";:."));
    std::vector<std::string> words;
    std::string_view rest = text;
    while (!rest.empty()) {
        const std::size_t comma = rest.find(", "), either = rest.find(" or ");
        const std::size_t end = std::min({comma, either, rest.size()});
        std::string_view word = trimmed(rest.substr(0, end));
        if (word.starts_with("or ")) word.remove_prefix(3);
        if (!is_word(word)) return words.size() > 1 ? words : std::vector<std::string>();
        words.emplace_back(word);
        rest.remove_prefix(std::min(rest.size(), end + (end == comma ? 2 : 4)));
    }
    return words.size() > 1 ? words : std::vector<std::string>();
}

OptionText option_text(const CLI::Option& option) {
    OptionText text{.group = option.get_group(), .description = option.get_description()};
    for (const std::string& name : option.get_lnames())
        text.names.push_back("--" + name);
    for (const std::string& name : option.get_snames())
        text.names.push_back("-" + name);
    if (option.get_items_expected_max() > 0 && option.get_expected_max() > 0) {
        const std::string shown = option.get_option_text();
        const std::string type = shown.empty() ? option.get_type_name() : shown;
        text.value = type.substr(0, type.find_first_of(":{"));
        text.choices = choices_in(type, text.description);
    }
    return text;
}

CommandText command_text(const CLI::App& app) {
    CommandText text{
        .name = app.get_name(), .description = app.get_description(), .footer = app.get_footer()};
    for (const CLI::Option* const option : app.get_options()) {
        if (option->get_group().empty()) continue;  // hidden
        if (option->get_positional())
            text.positionals.push_back(
                {option->get_name(true), option->get_description(), option->get_required()});
        else
            text.options.push_back(option_text(*option));
    }
    for (const CLI::App* const sub : app.get_subcommands([](const CLI::App*) { return true; }))
        if (!sub->get_group().empty()) text.commands.push_back(command_text(*sub));
    return text;
}

}  // namespace

std::vector<std::string> choices_in(const std::string& type, const std::string& description) {
    const std::size_t open = type.find('{'), close = type.rfind('}');
    if (open != std::string::npos && close != std::string::npos && open < close) {
        std::vector<std::string> choices;
        std::string_view rest = std::string_view(type).substr(open + 1, close - open - 1);
        while (!rest.empty()) {
            const std::size_t end = std::min(rest.find(','), rest.size());
            choices.emplace_back(trimmed(rest.substr(0, end)));
            rest.remove_prefix(std::min(rest.size(), end + 1));
        }
        return choices;
    }
    return listed_words(description);
}

CommandText manual() {
    CLI::App app("maildoctor finds out why e-mail does not work and says what to do about it.", "maildoctor");
    app.formatter(help_formatter());
    add_program_options(app);
    int status = 0;
    for (const Command& command : commands())
        command.add(app, status);
    app.footer(program_examples);
    return command_text(app);
}

}  // namespace maildoctor::cli
