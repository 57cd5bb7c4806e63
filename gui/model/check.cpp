#include "gui/model/check.h"

#include <algorithm>
#include <utility>

namespace maildoctor::gui {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

bool CheckModel::start(Language language) {
    reading_ = read_form(form, language);
    if (!reading_.faults.empty()) return false;
    password_wiped_ = !form.password.empty();
    reading_.request.control_hosts = control_hosts;
    doctor::Credentials credentials = take_credentials(form, reading_.request);
    before_.reset();
    start(reading_.request, std::move(credentials), language);
    return true;
}

void CheckModel::start(Request request, doctor::Credentials credentials, Language language) {
    job_.reset();
    matrix_ = Matrix(language);
    timeline_.clear();
    so_far_.reset();
    report_.reset();
    chosen.reset();
    complaint_.clear();
    doing_.clear();
    pretended_.reset();
    done_ = planned_ = 0;
    stopped_ = false;
    began_ = steady_clock::now();
    auto job = Job::start(std::move(request), options, std::move(credentials), wake_);
    if (!job) {
        complaint_ = std::move(job).error();
        stage_ = CheckStage::form;
        return;
    }
    job_ = std::move(*job);
    stage_ = CheckStage::running;
}

void CheckModel::cancel() {
    if (stage_ != CheckStage::running) return;
    stage_ = CheckStage::stopping;
    stopped_ = true;
    stopped_at_ = steady_clock::now();
    if (job_) job_->cancel();
}

void CheckModel::reset() {
    job_.reset();
    report_.reset();
    so_far_.reset();
    before_.reset();
    chosen.reset();
    complaint_.clear();
    password_wiped_ = false;
    stage_ = CheckStage::form;
}

milliseconds CheckModel::elapsed() const {
    if (pretended_) return *pretended_;
    if (report_) return report_->duration;
    const auto until = stage_ == CheckStage::stopping ? stopped_at_ : steady_clock::now();
    return std::chrono::duration_cast<milliseconds>(until - began_);
}

void CheckModel::take_step(const doctor::Progress& step) {
    using Kind = doctor::Progress::Kind;
    done_ = std::max(done_, step.done);
    planned_ = std::max(planned_, step.planned);
    switch (step.kind) {
        case Kind::started:
            doing_ = step.what;
            matrix_.started(step.subject);
            timeline_.started(step, elapsed());
            break;
        case Kind::finished:
            matrix_.finished(step.subject);
            timeline_.finished(step);
            break;
        case Kind::seen:
            matrix_.add(step.observation);
            timeline_.add(step.observation);
            break;
        case Kind::diagnosed:
            so_far_ = step.so_far;
            break;
    }
}

bool CheckModel::poll(Language language) {
    if (!busy() || !job_) return false;
    News news = job_->take();
    for (const doctor::Progress& step : news.steps)
        take_step(step);
    const bool ended = news.report || !news.fault.empty();
    if (news.report) {
        report_ = std::move(news.report);
        if (stopped_)
            took_to_stop_ = std::chrono::duration_cast<milliseconds>(steady_clock::now() - stopped_at_);
        matrix_ = matrix_of(*report_, language);
        timeline_ = timeline_of(*report_);
        stage_ = CheckStage::done;
    } else if (!news.fault.empty()) {
        complaint_ = say::own_fault.in(language) + news.fault;
        stage_ = CheckStage::form;
    }
    return ended || !news.steps.empty();
}

void CheckModel::retell(const std::string& program, Language language) {
    if (!report_) return;
    if (job_) report_ = job_->retold(*report_, program, std::string(report::tag_of(language)));
    matrix_ = matrix_of(*report_, language);
}

void CheckModel::adopt(Report report, Language language, std::unique_ptr<Job> job) {
    job_ = std::move(job);
    so_far_.reset();
    before_.reset();
    chosen.reset();
    complaint_.clear();
    pretended_.reset();
    stopped_ = false;
    matrix_ = matrix_of(report, language);
    timeline_ = timeline_of(report);
    report_ = std::move(report);
    stage_ = CheckStage::done;
}

const Cell* CheckModel::chosen_cell() const {
    if (!chosen) return nullptr;
    for (const MatrixRow& row : matrix_.rows())
        if (row.place() == chosen->place) return &row.cell(chosen->step);
    return nullptr;
}

void CheckModel::pretend_running(const Report& seen, std::size_t first, Language language) {
    matrix_ = Matrix(language);
    timeline_.clear();
    report_.reset();
    pretended_ = milliseconds(0);
    for (std::size_t i = 0; i < seen.observations.size(); ++i) {
        const Observation& one = seen.observations[i];
        if (i < first) {
            const auto shared = std::make_shared<const Observation>(one);
            matrix_.add(shared);
            timeline_.add(shared);
            pretended_ = std::max(*pretended_, one.started + one.took);
        } else if (one.subject.port && one.subject.host) {
            doing_ = *one.subject.host + " port " + std::to_string(one.subject.port->number());
            matrix_.started(one.subject);
            timeline_.started({.what = doing_, .subject = one.subject}, one.started);
        }
    }
    done_ = first;
    planned_ = seen.observations.size();
    stage_ = CheckStage::running;
}

}  // namespace maildoctor::gui
