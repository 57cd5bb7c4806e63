#include "core/async/offload.h"

#include <Poco/Runnable.h>
#include <Poco/ThreadPool.h>

#include <asio.hpp>
#include <exception>
#include <memory>
#include <utility>

#include "core/async/event.h"

namespace maildoctor::async {
namespace {

/// What the worker thread and the waiting coroutine share. The event is touched on the loop's thread only.
struct Job final : Poco::Runnable, std::enable_shared_from_this<Job> {
    Job(asio::any_io_executor loop, std::function<void()> what)
        : executor(std::move(loop)), work(std::move(what)), done(executor) {}

    void run() override {
        try {
            work();
        } catch (...) {
            failure = std::current_exception();
        }
        asio::post(executor, [self = std::move(keep)] { self->done.set(); });
    }

    asio::any_io_executor executor;
    std::function<void()> work;
    Event done;
    std::exception_ptr failure;
    std::shared_ptr<Job> keep;  // the pool holds a plain reference: the job keeps itself until it has run
};

constexpr int pool_capacity = 16;

Poco::ThreadPool& pool() {
    static Poco::ThreadPool the_pool(2, pool_capacity);
    return the_pool;
}

}  // namespace

Task<bool> offload(std::function<void()> work) {
    auto job = std::make_shared<Job>(co_await asio::this_coro::executor, std::move(work));
    job->keep = job;
    while (pool().available() == 0) {
        if (!co_await sleep_for(std::chrono::milliseconds{5})) {
            job->keep.reset();
            co_return false;
        }
    }
    pool().start(*job);
    const Deadline never(Clock::time_point::max());
    if (!co_await job->done.wait(never)) co_return false;
    if (job->failure) std::rethrow_exception(job->failure);
    co_return true;
}

}  // namespace maildoctor::async
