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
    const auto door = doors_.find(address);
    if (door == doors_.end() || door->second.open == 0) return;
    --door->second.open;
    if (const auto freed = std::exchange(door->second.freed, nullptr)) freed->set();
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

Task<Politeness::Permit> Politeness::ask(std::shared_ptr<Politeness> self, std::vector<IpAddress> addresses,
                                         Deadline deadline) {
    self->forget_idle();
    std::ranges::sort(addresses);  // everybody takes them in the same order: nobody waits in a circle
    const auto [first, last] = std::ranges::unique(addresses);
    addresses.erase(first, last);
    Permit permit(self, {});
    for (const IpAddress& address : addresses) {
        while (true) {
            if (deadline.passed() || co_await async::cancelled()) co_return Permit();
            Door& door = self->doors_[address];
            const auto now = Clock::now(), due = self->due(door);
            if (door.open >= self->limits_.at_once) {
                if (!door.freed)
                    door.freed = std::make_shared<async::Event>(co_await asio::this_coro::executor);
                const auto freed = self->doors_[address].freed;
                if (freed) (void)co_await freed->wait(deadline);
            } else if (due > now) {
                (void)co_await async::sleep_until(std::min(due, deadline.at()));
            } else {
                ++door.open;
                door.paid_until = std::max(door.paid_until, now) + self->gap();
                break;
            }
        }
        permit.add(address);
    }
    co_return permit;
}

}  // namespace maildoctor::doctor
