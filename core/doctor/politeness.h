// How many connections one address has to bear from us.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <map>
#include <memory>
#include <mutex>
#include <utility>
#include <variant>
#include <vector>

#include "core/async/deadline.h"
#include "core/async/shared_event.h"
#include "core/async/task.h"
#include "core/model/ip_address.h"

namespace maildoctor::doctor {

struct PolitenessLimits {
    std::size_t at_once{8};      ///< connections to one address
    std::size_t per_second{20};  ///< new connections to one address
};

/// Permits to connect, one place for all loops of the process. Safe from any thread.
class Politeness {
public:
    explicit Politeness(PolitenessLimits limits) : limits_(limits) {}

    /// Gives its addresses back when it goes away.
    class Permit {
    public:
        Permit() = default;
        Permit(std::shared_ptr<Politeness> owner, std::vector<IpAddress> addresses)
            : owner_(std::move(owner)), addresses_(std::move(addresses)) {}
        Permit(Permit&&) noexcept = default;
        Permit& operator=(Permit&& other) noexcept {
            std::swap(owner_, other.owner_);
            std::swap(addresses_, other.addresses_);
            return *this;
        }
        Permit(const Permit&) = delete;
        Permit& operator=(const Permit&) = delete;
        ~Permit();
        explicit operator bool() const noexcept { return owner_ != nullptr; }
        void add(const IpAddress& address) { addresses_.push_back(address); }

    private:
        std::shared_ptr<Politeness> owner_{};
        std::vector<IpAddress> addresses_{};
    };

    /// Waits until one more connection to each of the addresses is allowed.
    /// @return no permit when the deadline passed or the coroutine was cancelled before
    static Task<Permit> ask(std::shared_ptr<Politeness> self, std::vector<IpAddress> addresses,
                            Deadline deadline);

private:
    struct Door {
        std::size_t open{0};
        Clock::time_point paid_until{};               ///< each connection moves it on by one gap
        std::shared_ptr<async::SharedEvent> freed{};  // made by the first who waits
    };
    struct Entered {};
    /// Allowed, or when to look again: a moment, or when somebody has gone.
    using Answer = std::variant<Entered, Clock::time_point, std::shared_ptr<async::SharedEvent>>;
    Answer try_to_enter(const IpAddress& address);
    void give_back(const IpAddress& address);
    void forget_idle();
    /// When the next connection may begin, as far as the number a second goes.
    Clock::time_point due(const Door& door) const;

    // A bucket of half the number, filled at half the number a second: no second sees more than the number.
    std::size_t burst() const { return std::max<std::size_t>(1, limits_.per_second / 2); }
    Clock::duration gap() const;

    PolitenessLimits limits_;
    std::mutex guard_;
    std::map<IpAddress, Door> doors_{};
    std::size_t tidy_at_{1024};
};

}  // namespace maildoctor::doctor
