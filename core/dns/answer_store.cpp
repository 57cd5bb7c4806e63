#include "core/dns/answer_store.h"

#include <utility>

namespace maildoctor::dns {

AnswerStore::EntryPtr AnswerStore::entry(const std::string& key) {
    if (const auto found = young_.find(key); found != young_.end()) return found->second;
    EntryPtr entry;
    if (const auto found = old_.find(key); found != old_.end()) {
        entry = std::move(found->second);
        old_.erase(found);
    } else {
        entry = std::make_shared<Entry>();
    }
    if (young_.size() >= generation_) {
        old_ = std::exchange(young_, {});  // those under way are held by who asks
        young_.reserve(generation_);
    }
    young_.emplace(key, entry);
    return entry;
}

AnswerStore::Turn AnswerStore::turn(const std::shared_ptr<AnswerStore>& self, const std::string& key) {
    const std::lock_guard<std::mutex> lock(self->guard_);
    const EntryPtr place = self->entry(key);
    if (place->reply && Clock::now() < place->expires) return {.reply = place->reply};
    if (place->being_asked) {
        if (!place->news) place->news = std::make_shared<async::SharedEvent>();
        return {.under_way = place->news};
    }
    place->being_asked = true;
    place->reply.reset();
    return {.asking = std::make_shared<Asking>(self, place)};
}

void AnswerStore::Asking::answered(const Reply& reply, Clock::duration life) {
    const std::lock_guard<std::mutex> lock(answers_->guard_);
    entry_->reply = reply;
    entry_->expires = Clock::now() + life;
}

AnswerStore::Asking::~Asking() {
    std::shared_ptr<async::SharedEvent> news;
    {
        const std::lock_guard<std::mutex> lock(answers_->guard_);
        entry_->being_asked = false;
        news = std::exchange(entry_->news, nullptr);
    }
    if (news) news->set();
}

}  // namespace maildoctor::dns
