// Which certificates of a run were called back: asked once for each, told to every observation. For
// check_run.h.
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "core/async/event.h"
#include "core/async/when_all.h"
#include "core/http/fetch.h"
#include "core/model/observation.h"
#include "core/probe/context.h"
#include "core/probe/revocation.h"

namespace maildoctor::doctor {

class Revocations {
public:
    /// @param web asks about revocation; null: nobody is asked
    /// @param seen all observations of the run: those of a certificate learn what comes of it
    /// @param news is nudged when something was learnt
    Revocations(probe::ContextPtr context, std::shared_ptr<const http::Transport> web,
                std::vector<Observation>& seen, async::Event& news, const asio::any_io_executor& executor)
        : context_(std::move(context)), web_(std::move(web)), seen_(seen), news_(news), group_(executor) {}

    /// Once for each certificate of the user's servers that the handshake told nothing about.
    void ask_about(Observation& seen);
    std::size_t running() const noexcept { return group_.running(); }
    void cancel() { group_.cancel(); }
    Task<void> wait() { return group_.wait(); }
    /// Who was asked about certificates.
    const std::set<std::string>& told() const noexcept { return told_; }

private:
    Task<void> learn(std::string sha256);

    probe::ContextPtr context_;
    std::shared_ptr<const http::Transport> web_;
    std::vector<Observation>& seen_;
    async::Event& news_;
    async::Group group_;
    std::map<std::string, probe::RevocationAnswer> known_{};  // by fingerprint
    std::set<std::string> told_{};
};

}  // namespace maildoctor::doctor
