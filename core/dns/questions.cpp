#include "core/dns/questions.h"

#include <algorithm>
#include <asio.hpp>

#include "core/async/event.h"
#include "core/async/when_all.h"

namespace maildoctor::dns {
namespace {

constexpr std::chrono::seconds shortest_life{60}, longest_life{3600}, failure_life{30};
constexpr int formerr = 1, nxdomain = 3, notimp = 4, badvers = 16;

std::string key_of(const Question& question, const QueryOptions& options) {
    std::string key;
    key.reserve(question.name.size() + 4);
    key = question.name;
    key += '\0';
    const auto type = static_cast<unsigned>(question.type);
    key += static_cast<char>(type >> 8);
    key += static_cast<char>(type & 0xff);
    key += static_cast<char>(options.dnssec_ok | options.checking_disabled << 1);
    return key;
}

std::chrono::seconds life_of(const Reply& reply) {
    if (!reply.answer || (reply.answer->rcode != 0 && reply.answer->rcode != nxdomain)) return failure_life;
    return std::clamp(std::chrono::seconds(reply.answer->facts.ttl), shortest_life, longest_life);
}

bool is_usable(const ParsedAnswer& answer) {
    return answer.rcode == 0 || answer.rcode == nxdomain;
}

/// RFC 6891 section 7: an old server that does not know EDNS says so with one of these.
bool dislikes_edns(const ParsedAnswer& answer) {
    return answer.rcode == formerr || answer.rcode == notimp || answer.rcode == badvers;
}

}  // namespace

Task<Reply> Questions::ask(Question question, QueryOptions options, Deadline deadline) {
    return ask_cached(shared_from_this(), std::move(question), options, deadline);
}

Task<Reply> Questions::ask_server(Question question, QueryOptions options, platform::NameServer server,
                                  Deadline deadline) {
    return ask_one(shared_from_this(), std::move(question), options, server, deadline);
}

Task<bool> Questions::somebody_answers(Clock::time_point since, Deadline deadline) {
    return control(shared_from_this(), since, deadline);
}

Task<Reply> Questions::ask_cached(std::shared_ptr<Questions> self, Question question, QueryOptions options,
                                  Deadline deadline) {
    const std::string key = key_of(question, options);
    std::shared_ptr<AnswerStore::Asking> asking;
    while (!asking) {
        AnswerStore::Turn turn = AnswerStore::turn(self->answers_, key);
        if (turn.reply) co_return std::move(*turn.reply);
        if (co_await async::cancelled()) co_return Reply{.why = NoAnswer::cancelled};
        if (deadline.passed()) co_return Reply{.why = NoAnswer::out_of_time};
        asking = std::move(turn.asking);
        if (!asking) (void)co_await async::SharedEvent::wait(std::move(turn.under_way), deadline);
    }
    Reply reply = co_await ask_all(self, std::move(question), options, deadline);
    if (reply.answer || (reply.why != NoAnswer::cancelled && reply.why != NoAnswer::out_of_time))
        asking->answered(reply, life_of(reply));
    co_return reply;
}

Task<Reply> Questions::ask_one(std::shared_ptr<Questions> self, Question question, QueryOptions options,
                               platform::NameServer server, Deadline deadline) {
    auto wire = make_query(question, options);
    if (!wire) co_return Reply{.why = NoAnswer::bad_name};
    const auto query = std::make_shared<const Query>(
        Query{.question = std::move(question), .options = options, .wire = std::move(*wire)});
    co_return co_await self->exchange_.ask(query, server, deadline);
}

Task<Reply> Questions::ask_all(std::shared_ptr<Questions> self, Question question, QueryOptions options,
                               Deadline deadline) {
    auto wire = make_query(question, options);
    if (!wire) co_return Reply{.why = NoAnswer::bad_name};
    QueryPtr query = std::make_shared<const Query>(
        Query{.question = question, .options = options, .wire = std::move(*wire)});

    const std::size_t count = self->servers_.size();
    const std::size_t tries = std::max(count, static_cast<std::size_t>(self->patience_.tries));
    const std::size_t first = self->preferred_;
    Reply best{.why = NoAnswer::unreachable};  // the most telling of the replies that do not settle it
    std::vector<bool> settled(count, false);   // servers that need not be asked again
    for (std::size_t i = 0; count > 0 && i < tries; ++i) {
        const std::size_t index = (first + i) % count;
        if (settled[index]) continue;
        Reply reply = co_await self->exchange_.ask(query, self->servers_[index],
                                                   deadline.within(self->patience_.try_limit));
        if (reply.answer && options.edns && dislikes_edns(*reply.answer)) {
            options.edns = options.dnssec_ok = false;
            if (auto plain = make_query(question, options))
                query = std::make_shared<const Query>(
                    Query{.question = question, .options = options, .wire = std::move(*plain)});
            reply = co_await self->exchange_.ask(query, self->servers_[index],
                                                 deadline.within(self->patience_.try_limit));
        }
        if (reply.answer) self->last_answer_ = Clock::now();
        if (reply.answer && is_usable(*reply.answer)) {
            self->preferred_ = index;
            co_return reply;
        }
        if (reply.why == NoAnswer::cancelled && !reply.answer) co_return reply;
        settled[index] =
            reply.answer || reply.why == NoAnswer::unreachable || reply.why == NoAnswer::no_route;
        const bool malformed = best.malformed || reply.malformed;
        if (reply.answer || (!best.answer && reply.why == NoAnswer::silent)) best = std::move(reply);
        best.malformed = malformed;
        if (!best.answer && deadline.passed()) {
            best.why = NoAnswer::out_of_time;
            break;
        }
    }
    co_return best;
}

Task<void> Questions::control_one(std::shared_ptr<Questions> self, platform::NameServer server,
                                  Deadline deadline, std::shared_ptr<bool> alive) {
    const Question root{.name = "", .type = RecordType::ns};
    const Reply reply = co_await ask_one(self, root, QueryOptions{}, server, deadline);
    if (!reply.answer) co_return;
    *alive = true;
    self->last_answer_ = Clock::now();
}

Task<bool> Questions::control(std::shared_ptr<Questions> self, Clock::time_point since, Deadline deadline) {
    if (self->last_answer_ >= since && self->last_answer_ != Clock::time_point{}) co_return true;
    const auto alive = std::make_shared<bool>(false);
    async::Group group(co_await asio::this_coro::executor);
    for (const platform::NameServer& server : self->servers_)
        group.start(control_one(self, server, deadline.within(self->patience_.try_limit), alive));
    co_await group.wait();
    co_return *alive;
}

}  // namespace maildoctor::dns
