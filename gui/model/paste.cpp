#include "gui/model/paste.h"

#include <algorithm>
#include <chrono>

#include "core/report/times.h"

namespace maildoctor::gui {

std::string today() {
    const auto now =
        std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch());
    return report::rfc3339(now.count()).substr(0, 10);
}

void PasteModel::put(std::string_view bytes) {
    cut_ = bytes.size() > longest_paste;
    bytes = bytes.substr(0, longest_paste);
    if (cut_) {  // not in the middle of a character
        while (!bytes.empty() && (static_cast<unsigned char>(bytes.back()) & 0xC0U) == 0x80U)
            bytes.remove_suffix(1);
        if (!bytes.empty() && static_cast<unsigned char>(bytes.back()) >= 0xC0U) bytes.remove_suffix(1);
    }
    text.clear();
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        const char c = bytes[i];
        if (c == '\r') {
            if (i + 1 == bytes.size() || bytes[i + 1] != '\n') text += '\n';
        } else if (c == '\n' || (static_cast<unsigned char>(c) >= 0x20 && c != 0x7F)) {
            text += c;
        } else {
            text += ' ';
        }
    }
    text_changed();
}

void PasteModel::text_changed() {
    stop_asking();
    job_.reset();
    report_.reset();
    if (text.find_first_not_of(" \n\t") == std::string::npos) {
        clues_.reset();
        said_ = {};
        explainer_.ask("");
        return;
    }
    explainer_.ask(text);
}

bool PasteModel::poll(Language language) {
    bool changed = false;
    if (auto clues = explainer_.take(); clues && !clues->text.empty()) {
        clues_ = std::move(*clues);
        retell(language);
        changed = true;
    }
    if (asking()) {
        News news = job_->take();
        if (news.report) report_ = std::move(news.report);
        if (!news.fault.empty()) job_.reset();
        changed = changed || report_.has_value();
    }
    return changed;
}

void PasteModel::retell(Language language) {
    if (clues_) said_ = report::explanation_of(*clues_, knowledge::built_in(), program, language, today());
}

void PasteModel::settle(Language language) {
    explainer_.wait();
    poll(language);
}

std::string PasteModel::ticket(Language language) const {
    return clues_ ? report::render_explanation_markdown(said_, *clues_, language) : std::string();
}

std::string PasteModel::for_customer() const {
    const auto fix = std::ranges::find(said_.text.fixes, Audience::user, &Fix::audience);
    return fix == said_.text.fixes.end() ? std::string() : report::render_steps(said_.text.title, fix->steps);
}

std::string PasteModel::ask_server(const doctor::Options& options, Language language) {
    Request request;
    request.error_text = clues_->text;
    request.only_typed = true;
    request.program = program;
    request.for_someone_else = true;
    request.language = report::tag_of(language);
    report_.reset();
    auto job = Job::start(std::move(request), options, {}, wake_);
    if (!job) return job.error();
    job_ = std::move(*job);
    return {};
}

void PasteModel::stop_asking() noexcept {
    if (job_) job_->cancel();
}

std::string PasteModel::verdict(Language language) const {
    if (!report_ || !clues_) return {};
    return std::string(report::phrase(report::verdict_on(*clues_, *report_), language));
}

}  // namespace maildoctor::gui
