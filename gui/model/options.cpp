#include "gui/model/options.h"

#include <charconv>
#include <functional>
#include <optional>

#include "core/model/server_url.h"
#include "core/names/names.h"
#include "core/platform/resolver_config.h"
#include "gui/model/scenes.h"

namespace maildoctor::gui {
namespace {

using Taken = std::expected<void, std::string>;

std::unexpected<std::string> wrong(std::string line) {
    return std::unexpected(std::move(line));
}

/// One option with a value.
struct Option {
    const char* name;
    const char* shown;
    const char* help;
    std::function<Taken(CommandLine&, const std::string&)> take;
};

std::optional<int> number_in(std::string_view text, int least, int most) {
    int value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size() || value < least || value > most)
        return std::nullopt;
    return value;
}

Taken take_scene(CommandLine& line, const std::string& value) {
    std::string all;
    for (const std::string& name : scene_names()) {
        if (name == value) {
            line.scene = value;
            return {};
        }
        all += (all.empty() ? "" : ", ") + name;
    }
    return wrong("--scene: '" + value + "' is not one of " + all);
}

Taken take_size(CommandLine& line, const std::string& value) {
    const std::size_t times = value.find('x');
    if (times != std::string::npos) {
        line.width = number_in(std::string_view(value).substr(0, times), 320, 16384);
        line.height = number_in(std::string_view(value).substr(times + 1), 240, 16384);
    }
    if (!line.width || !line.height)
        return wrong("--size: '" + value + "' is not WIDTHxHEIGHT, such as 1280x800");
    return {};
}

Taken take_server(std::optional<ServerSetting>& into, const char* name, const std::string& url, Role role) {
    auto setting = parse_server_url(url);
    if (!setting) return wrong(std::string(name) + ": " + setting.error());
    if (role_of(setting->protocol) != role)
        return wrong(std::string(name) + (role == Role::incoming ? ": mail is read with imap:// or pop3://"
                                                                 : ": mail is sent with smtp://"));
    into = std::move(*setting);
    return {};
}

Taken take_theme(CommandLine& line, const std::string& value) {
    for (const Theme theme : {Theme::light, Theme::dark, Theme::contrast})
        if (word(theme) == value) line.theme = theme;
    if (!line.theme) return wrong("--theme: '" + value + "' is not one of light, dark, contrast");
    return {};
}

const std::vector<Option>& options() {
    static const std::vector<Option> all = {
        {"--screenshot", "FILE.png", "render one scene into a picture and end",
         [](CommandLine& line, const std::string& value) -> Taken {
             return line.screenshot = value, Taken{};
         }},
        {"--scene", "NAME",
         "the scene of --screenshot: paste, check, check-running, check-result, fix, validate, …",
         take_scene},
        {"--incoming", "URL", "begin with this server for reading, such as imap://mail.example.org:993",
         [](CommandLine& line, const std::string& value) {
             return take_server(line.incoming, "--incoming", value, Role::incoming);
         }},
        {"--outgoing", "URL", "begin with this server for sending, such as smtp://mail.example.org:587",
         [](CommandLine& line, const std::string& value) {
             return take_server(line.outgoing, "--outgoing", value, Role::outgoing);
         }},
        {"--size", "WxH", "size of the window or picture, such as 1280x800", take_size},
        {"--theme", "NAME", "light, dark or contrast", take_theme},
        {"--text-size", "PERCENT", "80 to 250",
         [](CommandLine& line, const std::string& value) -> Taken {
             line.text_percent = number_in(value, smallest_text, largest_text);
             if (!line.text_percent)
                 return wrong("--text-size: '" + value + "' is not a number from 80 to 250");
             return {};
         }},
        {"--language", "LANG", "en or de",
         [](CommandLine& line, const std::string& value) -> Taken {
             if (value != "en" && value != "de") return wrong("--language: '" + value + "' is not en or de");
             line.language = value;
             return {};
         }},
        {"--timeout", "SECONDS", "time limit of a check, 1 to 600",
         [](CommandLine& line, const std::string& value) -> Taken {
             const auto seconds = number_in(value, 1, 600);
             if (!seconds) return wrong("--timeout: '" + value + "' is not a number from 1 to 600");
             line.options.timeout = std::chrono::seconds(*seconds);
             return {};
         }},
        {"--resolver", "ADDR[:PORT]", "ask this name server instead of the system's",
         [](CommandLine& line, const std::string& value) -> Taken {
             if (!platform::name_server_from(value))
                 return wrong("--resolver: '" + value + "' is not an address");
             if (!line.resolvers_typed) line.options.resolvers.clear();
             line.resolvers_typed = true;
             line.options.resolvers.push_back(value);
             return {};
         }},
        {"--ca-file", "FILE", "trust the certificate authorities in this PEM file",
         [](CommandLine& line, const std::string& value) -> Taken {
             return line.options.ca_file = value, Taken{};
         }},
        {"--trust-anchor", "FILE", "DNSSEC keys to start from",
         [](CommandLine& line, const std::string& value) -> Taken {
             return line.options.trust_anchor = value, Taken{};
         }},
    };
    return all;
}

Taken take_flag(CommandLine& line, const std::string& name) {
    if (name == "--help" || name == "-h")
        line.help = true;
    else if (name == "--version")
        line.version = true;
    else if (name == "--manual-page")
        line.manual_page = true;
    else if (name == "--allow-local")
        line.options.allow_local = true;
    else if (name == "--frame-times")
        line.frame_times = true;
    else if (!name.starts_with("-") && line.email.empty() && name.find('@') != std::string::npos)
        line.email = name;
    else
        return wrong("'" + name + "' is not an option or an e-mail address; try --help");
    return {};
}

}  // namespace

std::expected<CommandLine, std::string> configured(const config::Config& config) {
    CommandLine line;
    for (const std::string& value : config.values("resolver")) {
        if (!platform::name_server_from(value)) return wrong("resolver: '" + value + "' is not an address");
        line.options.resolvers.push_back(value);
    }
    for (const std::string& value : config.values("control_hosts")) {
        auto host = names::to_host_name(value);
        if (!host) return wrong("control_hosts: " + host.error().text);
        line.control_hosts.push_back(std::move(*host));
    }
    line.options.ca_file = config.text("ca_file");
    line.options.trust_anchor = config.text("trust_anchor");
    line.options.rules_folder = config.text("rules");
    line.options.third_parties = config.text("third_parties") != "false";
    line.store = config.text("store");
    line.usual.language = config.text("language");
    for (const Theme theme : {Theme::light, Theme::dark, Theme::contrast})
        if (word(theme) == config.text("theme")) line.usual.theme = theme;
    return line;
}

std::expected<CommandLine, std::string> read_command_line(const std::vector<std::string>& arguments,
                                                          CommandLine line) {
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        std::string name = arguments[i], value;
        const std::size_t equals = name.find('=');
        const bool joined = name.starts_with("--") && equals != std::string::npos;
        if (joined) {
            value = name.substr(equals + 1);
            name.resize(equals);
        }
        const Option* option = nullptr;
        for (const Option& known : options())
            if (name == known.name) option = &known;
        if (option == nullptr) {
            if (auto taken = take_flag(line, arguments[i]); !taken) return wrong(std::move(taken).error());
            continue;
        }
        if (!joined) {
            if (i + 1 == arguments.size()) return wrong(name + " needs " + option->shown);
            value = arguments[++i];
        }
        if (auto taken = option->take(line, value); !taken) return wrong(std::move(taken).error());
    }
    return line;
}

std::vector<OptionHelp> option_helps() {
    std::vector<OptionHelp> all;
    for (const Option& option : options())
        all.push_back({option.name, option.shown, option.help});
    all.push_back({"--allow-local", "", "servers of this computer that a pasted text names may be asked"});
    all.push_back({"--frame-times", "", "print at the end how long the frames took"});
    all.push_back({"--help", "", "print this help and end"});
    all.push_back({"--version", "", "print the version and end"});
    return all;
}

std::string help_text() {
    std::string text = std::string(about_the_window) + ".\n\nUsage: maildoctor-gui [OPTIONS] [EMAIL]\n\n";
    for (const OptionHelp& option : option_helps()) {
        std::string left = option.names + (option.value.empty() ? "" : " " + option.value);
        left.resize(std::max<std::size_t>(left.size() + 1, 28), ' ');
        text += "  " + left + option.description + "\n";
    }
    return text;
}

}  // namespace maildoctor::gui
