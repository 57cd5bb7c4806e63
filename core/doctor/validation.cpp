#include "core/doctor/validation.h"

#include <exception>
#include <thread>
#include <utility>

#include "core/async/loop.h"
#include "core/doctor/ground.h"
#include "core/doctor/survey.h"

namespace maildoctor::doctor {
namespace {

constexpr std::size_t book_capacity = 1000;

class RunningValidation final : public ValidationRun {
public:
    explicit RunningValidation(SurveyInput input)
        : thread_([this, input = std::move(input)]() mutable {
              try {
                  found_ = loop_.run_for(survey(std::move(input)));
              } catch (...) {
                  failure_ = std::current_exception();
              }
          }) {}
    ~RunningValidation() override { loop_.cancel(); }

    void cancel() noexcept override { loop_.cancel(); }
    Validation wait() override {
        if (thread_.joinable()) thread_.join();
        if (failure_) std::rethrow_exception(std::exchange(failure_, nullptr));
        return std::move(found_);
    }

private:
    async::Loop loop_;
    Validation found_;
    std::exception_ptr failure_;
    std::jthread thread_;  // last: joined before the rest goes away
};

}  // namespace

std::expected<std::shared_ptr<ValidationRun>, BadOption> start_validation(EmailAddress account,
                                                                          Options options,
                                                                          ValidationOptions validation,
                                                                          Sink sink) {
    options.hosts_file = false;  // it holds for this computer alone
    auto ground = prepare(options);
    if (!ground) return std::unexpected(std::move(ground).error());
    const knowledge::Pack pack = knowledge::built_in();
    auto provider_servers = provider_servers_of(account.domain, pack);
    SurveyInput input{
        .email = std::move(account),
        .context = ground->context,
        .web = std::make_shared<const http::Transport>(
            http::network_transport(ground->context->resolver, ground->context->tls, options.allow_local)),
        .book = std::make_shared<ServerBook>(VisitOptions{.connections = validation.connections,
                                                          .local_allowed = options.allow_local,
                                                          .versions = versions_to_ask(validation.policy)},
                                             std::make_shared<Politeness>(PolitenessLimits{}), book_capacity),
        .provider_servers = std::move(provider_servers),
        .pack = pack,
        .language = std::move(validation.language),
        .resolver_addresses = std::move(ground->resolver_addresses),
        .sink = std::move(sink),
        .third_parties = options.third_parties,
        .connections = validation.connections,
        .policy = std::move(validation.policy),
        .selectors = std::move(validation.selectors)};
    return std::make_shared<RunningValidation>(std::move(input));
}

}  // namespace maildoctor::doctor
