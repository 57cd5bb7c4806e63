#include "core/doctor/bulk.h"

#include <algorithm>
#include <exception>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include "core/async/loop.h"
#include "core/async/when_all.h"
#include "core/doctor/commons.h"
#include "core/doctor/ground.h"
#include "core/doctor/pace.h"
#include "core/doctor/reference.h"
#include "core/doctor/survey.h"
#include "core/doctor/version.h"

namespace maildoctor::doctor {
namespace {

constexpr std::size_t book_capacity = 1000;  // servers that are remembered, some 10,000 octets each

/// The list and the results, shared by the threads.
class Desk {
public:
    Desk(NextJob next, TakeResult take) : next_(std::move(next)), take_(std::move(take)) {}

    std::optional<BulkJob> next() {
        const std::lock_guard lock(mutex_);
        return failure_ ? std::nullopt : next_();
    }

    /// @return false when the result could not be taken: the run is over
    bool take(const Validation& validation) {
        const std::lock_guard lock(mutex_);
        if (failure_) return false;
        try {
            take_(validation);
            return true;
        } catch (...) {
            failure_ = std::current_exception();
            return false;
        }
    }

    void fail(std::exception_ptr failure) {
        const std::lock_guard lock(mutex_);
        if (!failure_) failure_ = std::move(failure);
    }
    std::exception_ptr failure() {
        const std::lock_guard lock(mutex_);
        return failure_;
    }

private:
    std::mutex mutex_;
    NextJob next_;
    TakeResult take_;
    std::exception_ptr failure_{};
};

/// What the domains of one thread work with.
struct Workshop {
    Options options{};
    ValidationOptions validation{};
    probe::ContextPtr context{};
    std::vector<IpAddress> resolver_addresses{};
    std::shared_ptr<const http::Transport> web{};
    std::shared_ptr<Commons> commons{};
    std::shared_ptr<Pace> pace{std::make_shared<Pace>()};
    knowledge::Pack pack;
};
using WorkshopPtr = std::shared_ptr<const Workshop>;

probe::ContextPtr context_of_one(const Workshop& shop) {
    auto context = std::make_shared<probe::Context>(*shop.context);
    context->began = Clock::now();
    context->deadline = Deadline::after(shop.options.timeout);
    return context;
}

SurveyInput input_of(const Workshop& shop, EmailAddress account) {
    auto provider_servers = provider_servers_of(account.domain, shop.pack);
    return {.email = std::move(account),
            .context = context_of_one(shop),
            .web = shop.web,
            .book = shop.commons->book,
            .provider_servers = std::move(provider_servers),
            .pack = shop.pack,
            .language = shop.validation.language,
            .resolver_addresses = shop.resolver_addresses,
            .third_parties = shop.options.third_parties,
            .thorough = false,
            .connections = shop.validation.connections,
            .policy = shop.validation.policy,
            .selectors = shop.validation.selectors};
}

/// Results wait on the heap, not in the frames of coroutines: there may be thousands.
using ResultPtr = std::unique_ptr<Validation>;

/// The reference client's questions: nothing is discovered, everything that was seen is kept.
Task<ResultPtr> ask_reference(WorkshopPtr shop, BulkJob job) {
    const probe::ContextPtr context = context_of_one(*shop);
    auto result = std::make_unique<Validation>();
    Report& report = result->report;
    report.version = std::string(version());
    report.request.domain = job.account.domain;
    report.started =
        std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch())
            .count();
    HostName host = job.host ? *job.host : job.account.domain;
    report.observations = co_await probe_reference(context, shop->commons->politeness, job.account.domain,
                                                   std::move(host), Kept::visits);
    const bool answered = std::ranges::any_of(
        report.observations, [](const Observation& seen) { return !seen.dns && seen.answer == Answer::yes; });
    report.verdict = answered ? Verdict::ok : Verdict::inconclusive;
    report.duration = context->since_began();
    co_return result;
}

Task<ResultPtr> survey_one(WorkshopPtr shop, BulkJob job) {
    co_return std::make_unique<Validation>(co_await survey(input_of(*shop, std::move(job.account))));
}

Task<void> work_off(WorkshopPtr shop, std::shared_ptr<Desk> desk) {
    while (co_await Pace::turn(shop->pace)) {
        auto job = desk->next();
        if (!job) co_return;
        auto task = shop->options.reference_probes ? ask_reference(shop, std::move(*job))
                                                   : survey_one(shop, std::move(*job));
        const ResultPtr result = co_await std::move(task);
        if (co_await async::cancelled()) co_return;
        if (!desk->take(*result)) co_return;
    }
}

Task<void> work(WorkshopPtr shop, std::shared_ptr<Desk> desk, std::size_t places) {
    async::Group group(co_await asio::this_coro::executor);
    for (std::size_t i = 0; i < places; ++i)
        group.start(work_off(shop, desk));
    co_await group.wait();
}

class RunningBulk final : public BulkRun {
public:
    RunningBulk(std::shared_ptr<Desk> desk, std::vector<WorkshopPtr> shops, std::size_t concurrency)
        : desk_(std::move(desk)), loops_(shops.size()) {
        for (std::size_t i = 0; i < shops.size(); ++i) {
            const std::size_t places = concurrency / shops.size() + (i < concurrency % shops.size() ? 1 : 0);
            threads_.emplace_back([this, i, places, shop = shops[i]] {
                try {
                    loops_[i].run(work(shop, desk_, places));
                } catch (...) {
                    desk_->fail(std::current_exception());
                }
                if (desk_->failure()) cancel();  // one sink for all: nobody can go on
            });
        }
    }
    ~RunningBulk() override { cancel(); }

    void cancel() noexcept override {
        for (async::Loop& loop : loops_)
            loop.cancel();
    }
    void wait() override {
        for (std::jthread& thread : threads_)
            if (thread.joinable()) thread.join();
        if (const auto failure = desk_->failure()) std::rethrow_exception(failure);
    }

private:
    std::shared_ptr<Desk> desk_;
    std::vector<async::Loop> loops_;
    std::vector<std::jthread> threads_;  // last: joined before the rest goes away
};

std::shared_ptr<ServerBook> make_book(const Options& options, const ValidationOptions& validation,
                                      std::shared_ptr<Politeness> politeness, Clock::duration life) {
    return std::make_shared<ServerBook>(VisitOptions{.connections = validation.connections,
                                                     .local_allowed = options.allow_local,
                                                     .versions = versions_to_ask(validation.policy)},
                                        std::move(politeness), book_capacity, life);
}

/// As many answers as the domains under way ask for, and some: what is forgotten sooner is asked twice.
std::size_t answers_to_keep(const Options& options, const BulkOptions& bulk) {
    constexpr std::size_t in_full = 60, reference = 12;  // questions of a domain
    const std::size_t under_way = bulk.concurrency * (options.reference_probes ? reference : in_full);
    return std::clamp<std::size_t>(under_way + under_way / 3, 1000, 20000);
}

/// One connection of a web look-up, as polite as any other.
http::Admission admission(std::shared_ptr<Politeness> politeness) {
    struct Door {
        static Task<std::shared_ptr<void>> ask(std::shared_ptr<Politeness> politeness,
                                               std::vector<IpAddress> addresses, Deadline deadline) {
            auto permit = co_await Politeness::ask(std::move(politeness), std::move(addresses), deadline);
            if (!permit) co_return nullptr;
            co_return std::make_shared<Politeness::Permit>(std::move(permit));
        }
    };
    return [politeness = std::move(politeness)](std::vector<IpAddress> addresses, Deadline deadline) {
        return Door::ask(politeness, std::move(addresses), deadline);
    };
}

}  // namespace

std::expected<std::shared_ptr<Commons>, BadOption> make_commons(const Options& options,
                                                                const ValidationOptions& validation,
                                                                const BulkOptions& bulk,
                                                                std::chrono::seconds record_life) {
    auto ground = prepare(options);
    if (!ground) return std::unexpected(std::move(ground).error());
    auto politeness = std::make_shared<Politeness>(
        PolitenessLimits{.at_once = bulk.per_server, .per_second = bulk.per_second});
    auto book = make_book(options, validation, politeness, record_life);
    return std::make_shared<Commons>(
        Commons{.tls = ground->context->tls,
                .answers = dns::make_shared_answers(answers_to_keep(options, bulk)),
                .politeness = std::move(politeness),
                .book = std::move(book)});
}

std::shared_ptr<Commons> with_new_book(const Commons& commons, const Options& options,
                                       const ValidationOptions& validation) {
    auto next = std::make_shared<Commons>(commons);
    next->book = make_book(options, validation, commons.politeness, Clock::duration::max());
    return next;
}

std::expected<std::shared_ptr<BulkRun>, BadOption> start_bulk(NextJob next, TakeResult take, Options options,
                                                              ValidationOptions validation, BulkOptions bulk,
                                                              std::shared_ptr<Commons> commons) {
    options.hosts_file = false;  // it holds for this computer alone
    if (!commons) {
        auto own = make_commons(options, validation, bulk);
        if (!own) return std::unexpected(std::move(own).error());
        commons = std::move(*own);
    }
    std::vector<WorkshopPtr> shops;
    const std::size_t threads =
        std::clamp<std::size_t>(bulk.threads, 1, std::max<std::size_t>(1, bulk.concurrency));
    for (std::size_t i = 0; i < threads; ++i) {
        auto ground = prepare(options, commons->tls, commons->answers);
        if (!ground) return std::unexpected(std::move(ground).error());
        auto shop = std::make_shared<Workshop>(Workshop{
            .options = options, .validation = validation, .commons = commons, .pack = knowledge::built_in()});
        shop->web = std::make_shared<const http::Transport>(
            http::network_transport(ground->context->resolver, ground->context->tls, options.allow_local,
                                    admission(commons->politeness)));
        shop->context = std::move(ground->context);
        shop->resolver_addresses = std::move(ground->resolver_addresses);
        shops.push_back(std::move(shop));
    }
    return std::make_shared<RunningBulk>(std::make_shared<Desk>(std::move(next), std::move(take)),
                                         std::move(shops), bulk.concurrency);
}

}  // namespace maildoctor::doctor
