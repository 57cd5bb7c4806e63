#include "gui/model/app.h"

#include "core/doctor/version.h"
#include "core/platform/file.h"
#include "core/platform/process.h"

namespace maildoctor::gui {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr std::chrono::seconds notice_time{4}, fault_time{10};
constexpr std::size_t largest_file = 4U << 20U;  // octets of a dropped file

/// The form as the command line asked for it.
void begin_form(CheckForm& form, const CommandLine& line) {
    form.email = line.email;
    const auto fill = [](ServerFields& fields, const std::optional<ServerSetting>& setting) {
        if (!setting) return;
        fields.kind = setting->protocol == Protocol::pop3 ? KindChoice::pop3 : KindChoice::imap;
        fields.host = setting->host.text();
        fields.port = std::to_string(setting->port.number());
        fields.security = setting->security == Security::tls        ? SecurityChoice::tls
                          : setting->security == Security::starttls ? SecurityChoice::starttls
                                                                    : SecurityChoice::none;
    };
    fill(form.incoming, line.incoming);
    fill(form.outgoing, line.outgoing);
    form.show_settings = line.incoming || line.outgoing;
}

bool is_text(std::string_view bytes) {
    return bytes.substr(0, 4096).find('\0') == std::string_view::npos;
}

}  // namespace

const char* words_for(View view, Language language) {
    switch (view) {
        case View::check:
            return say::check.in(language);
        case View::fix:
            return say::fix.in(language);
        case View::validate:
            return say::validate.in(language);
        case View::history:
            return say::history.in(language);
        case View::call:
            return say::call.in(language);
        case View::learn:
            return say::learn.in(language);
        case View::paste:
        case View::count:
            break;
    }
    return say::paste.in(language);
}

App::App(Settings remembered, const CommandLine& line, Wake wake)
    : settings(std::move(remembered)), paste(wake), check(wake), validate(wake), options(line.options) {
    if (line.theme) settings.theme = *line.theme;
    if (line.text_percent) settings.text_percent = *line.text_percent;
    if (line.width) settings.width = *line.width;
    if (line.height) settings.height = *line.height;
    if (!line.language.empty()) settings.language = line.language;
    check.options = options;
    history.store = line.store;
    check.control_hosts = line.control_hosts;
    begin_form(check.form, line);
    if (!line.email.empty() || line.incoming || line.outgoing) view = View::check;
    save_folder = platform::home_folder().string();
    set_language(
        report::language_from(settings.language.empty() ? environment_language() : settings.language));
}

void App::set_language(Language wanted) {
    language = wanted;
    programs_ = report::guide_names(knowledge::built_in(), report::tag_of(language));
    learn.load(language);
    set_program(fix.program);
}

void App::set_program(const std::string& id) {
    fix.program = id;
    paste.program = id;
    check.form.program = id;
    paste.retell(language);
    const bool from_report = fix.from_a_report();
    if (check.ended()) check.retell(id, language);
    if (from_report && check.ended())
        fix.from_report(*check.report(), language);
    else if (!fix.empty() && !from_report)
        fix.from_paste(paste, language);
}

bool App::poll() {
    bool changed = paste.poll(language);
    changed = check.poll(language) || changed;
    changed = validate.poll(language) || changed;
    if (changed && !validate.complaint().empty()) tell(validate.complaint(), true);
    if (!result_taken_ && check.ended()) {
        take_result();
        changed = true;
    }
    return changed;
}

bool App::busy() const {
    return check.busy() || paste.asking() || validate.running();
}

void App::take_result() {
    result_taken_ = true;
    fix.clear();
    fix.from_report(*check.report(), language);
    if (comparing_ && check.before()) fix.compare(*check.before(), *check.report(), language);
    comparing_ = false;
    if (!settings.keep_runs) return;
    if (const std::string fault = history.keep(*check.report()); !fault.empty()) tell(fault, true);
}

void App::go(View to) {
    if (to == View::paste) focus_paste = true;
    if (to == View::check) focus_form = true;
    if (to == View::history) {
        if (const std::string fault = history.load(); !fault.empty()) tell(fault, true);
    }
    view = to;
}

void App::take_text(std::string_view bytes) {
    if (view == View::validate) {
        validate.text += bytes;
        return;
    }
    paste.put(bytes);
    go(View::paste);
}

void App::take_file(const std::filesystem::path& file) {
    const auto bytes = platform::read_file(file, largest_file);
    if (!bytes) return tell(bytes.error(), true);
    if (!is_text(*bytes))
        return tell(std::string(say::no_file_text.in(language)) + ": " + file.filename().string(), true);
    take_text(*bytes);
}

void App::copy(std::string text) {
    to_clipboard = std::move(text);
    tell(say::copied.in(language));
}

void App::save(const std::string& name, std::string_view bytes) {
    const auto file = std::filesystem::path(save_folder) / name;
    if (auto written = platform::write_private_file(file, bytes); !written)
        return tell(written.error(), true);
    tell(say::saved.in(language) + file.string());
}

void App::ask_server() {
    if (const std::string fault = paste.ask_server(options, language); !fault.empty()) tell(fault, true);
}

void App::show_server_report() {
    if (!paste.report()) return;
    check.adopt(*paste.report(), language, paste.hand_over_job());
    fix.clear();
    fix.from_report(*check.report(), language);
    result_taken_ = true;
    go(View::check);
}

void App::start_check() {
    if (!check.start(language)) return;
    wipe_input = true;
    fix.clear();
    result_taken_ = comparing_ = false;
}

void App::start_validation() {
    validate.set_domains(domains_in(validate.text));
    if (const std::string fault = validate.start(options, language); !fault.empty()) tell(fault, true);
}

void App::save_shown() {
    if (view == View::validate && validate.size() > 0) return save_table(Export::csv);
    if (!fix.empty() && fix.from_a_report()) save(fix.file_stem() + ".html", fix.html(language));
}

void App::save_table(Export format) {
    const std::string stem = "maildoctor-domains-" + today();
    switch (format) {
        case Export::csv:
            return save(stem + ".csv", validate.written(report::ValidationFormat::csv, language));
        case Export::html:
            return save(stem + ".html", validate.written(report::ValidationFormat::html, language));
        case Export::json:
            return save(stem + ".json", validate.written(report::ValidationFormat::json, language));
    }
}

void App::repeat_failed() {
    auto request = fix.repetition();
    if (!request || !check.ended()) return;
    check.remember_as_before();
    check.start(std::move(*request), {}, language);
    result_taken_ = false;
    comparing_ = true;
    go(View::check);
}

void App::show_fix() {
    if (view == View::paste) fix.from_paste(paste, language);
    go(View::fix);
}

void App::show_row(std::size_t position) {
    const auto validation = validate.row(position).validation;
    if (!validation) return;
    const Report* report = &validation->report;
    check.adopt(*report, language);
    fix.clear();
    fix.from_report(*report, language);
    result_taken_ = true;
    go(View::check);
}

void App::finish_call() {
    Request request = read_form(check.form, language).request;
    check.adopt(call.report(request, language, std::string(doctor::version())), language);
    fix.clear();
    fix.from_report(*check.report(), language);
    result_taken_ = true;
    go(View::fix);
}

void App::tell(std::string text, bool fault) {
    notice_ = {.text = std::move(text),
               .fault = fault,
               .until = steady_clock::now() + (fault ? fault_time : notice_time)};
}

const Notice* App::notice() const {
    return steady_clock::now() < notice_.until ? &notice_ : nullptr;
}

std::optional<milliseconds> App::notice_left() const {
    const auto left = std::chrono::duration_cast<milliseconds>(notice_.until - steady_clock::now());
    return left.count() > 0 ? std::optional(left) : std::nullopt;
}

}  // namespace maildoctor::gui
