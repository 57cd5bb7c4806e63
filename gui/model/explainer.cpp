#include "gui/model/explainer.h"

#include <utility>

#include "core/explain/explain.h"

namespace maildoctor::gui {

Explainer::Explainer(Wake wake)
    : wake_(std::move(wake)), thread_([this](const std::stop_token& stop) { work(stop); }) {}

Explainer::~Explainer() = default;

void Explainer::ask(std::string text) {
    const std::lock_guard<std::mutex> lock(mutex_);
    asked_ = std::move(text);
    answer_.reset();
    changed_.notify_all();
}

std::optional<Clues> Explainer::take() {
    const std::lock_guard<std::mutex> lock(mutex_);
    return std::exchange(answer_, std::nullopt);
}

void Explainer::wait() {
    std::unique_lock<std::mutex> lock(mutex_);
    changed_.wait(lock, [this] { return !asked_ && !busy_; });
}

void Explainer::work(const std::stop_token& stop) {
    std::unique_lock<std::mutex> lock(mutex_);
    while (changed_.wait(lock, stop, [this] { return asked_.has_value(); })) {
        const std::string text = *std::exchange(asked_, std::nullopt);
        busy_ = true;
        lock.unlock();
        Clues clues = explain::explain(text);
        lock.lock();
        busy_ = false;
        if (!asked_) answer_ = std::move(clues);
        changed_.notify_all();
        if (wake_) wake_();
    }
}

}  // namespace maildoctor::gui
