#include "core/doctor/politeness.h"

#include <algorithm>
#include <utility>

namespace maildoctor::doctor {

Politeness::Permit::~Permit() {
    if (!owner_) return;
    for (const IpAddress& address : addresses_)
        owner_->give_back(address);
}

void Politeness::give_back(const IpAddress& address) {
    std::shared_ptr<async::SharedEvent> freed;
    {
        const std::lock_guard<std::mutex> lock(guard_);
        const auto door = doors_.find(address);
        if (door == doors_.end() || door->second.open == 0) return;
        --door->second.open;
        freed = std::exchange(door->second.freed, nullptr);
    }
    if (freed) freed->set();
}

Clock::duration Politeness::gap() const {
    const std::size_t rate = limits_.per_second;  // in half connections a second
    return std::chrono::duration_cast<Clock::duration>(std::chrono::seconds(rate > 1 ? 2 : 1)) / rate;
}

Clock::time_point Politeness::due(const Door& door) const {
    return door.paid_until - gap() * static_cast<int>(burst() - 1);
}

/// Addresses that nobody uses and that may be asked again at once need no memory.
void Politeness::forget_idle() {
    if (doors_.size() < tidy_at_) return;
    const auto now = Clock::now();
    std::erase_if(doors_, [&](const auto& item) {
        return item.second.open == 0 && !item.second.freed && item.second.paid_until <= now;
    });
    tidy_at_ = std::max<std::size_t>(1024, doors_.size() * 2);
}

Politeness::Answer Politeness::try_to_enter(const IpAddress& address) {
    const std::lock_guard<std::mutex> lock(guard_);
    forget_idle();
    Door& door = doors_[address];
    const auto now = Clock::now(), due = this->due(door);
    if (door.open >= limits_.at_once) {
        if (!door.freed) door.freed = std::make_shared<async::SharedEvent>();
        return door.freed;
    }
    if (due > now) return due;
    ++door.open;
    door.paid_until = std::max(door.paid_until, now) + gap();
    return Entered{};
}

Task<Politeness::Permit> Politeness::ask(std::shared_ptr<Politeness> self, std::vector<IpAddress> addresses,
                                         Deadline deadline) {
    std::ranges::sort(addresses);  // everybody takes them in the same order: nobody waits in a circle
    const auto [first, last] = std::ranges::unique(addresses);
    addresses.erase(first, last);
    Permit permit(self, {});
    for (const IpAddress& address : addresses) {
        while (true) {
            if (deadline.passed() || co_await async::cancelled()) co_return Permit();
            const Answer answer = self->try_to_enter(address);
            if (std::holds_alternative<Entered>(answer)) break;
            if (const auto* moment = std::get_if<Clock::time_point>(&answer)) {
                (void)co_await async::sleep_until(std::min(*moment, deadline.at()));
            } else {
                (void)co_await async::SharedEvent::wait(std::get<std::shared_ptr<async::SharedEvent>>(answer),
                                                        deadline);
            }
        }
        permit.add(address);
    }
    co_return permit;
}

}  // namespace maildoctor::doctor
