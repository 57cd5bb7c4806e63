// Decides what to ask next, from the request and what was seen so far. Asks no network itself.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "core/model/clues.h"
#include "core/model/observation.h"
#include "core/model/report.h"
#include "core/plan/step.h"

namespace maildoctor::plan {

/// What else is known before anything is asked.
struct Knowledge {
    std::vector<ServerSetting> provider_servers{};  ///< of the account's known provider
    std::vector<HostName> famous_hosts{};           ///< servers of known providers: for mistyped names
    std::vector<HostName> famous_domains{};         ///< domains of known providers, likewise
};

/// Gives each step once. next() is called at the start and after every answer; with `idle` when nothing is
/// under way any more, which is when the fall-backs are due. The plan has ended when next(…, true) gives
/// nothing.
class Planner {
public:
    Planner(Request request, Knowledge knowledge);

    std::vector<Step> next(const std::vector<Observation>& seen, bool idle);

    /// Whether everything that the request asks for is known to work: what is still under way would only add
    /// alternatives.
    bool satisfied(const std::vector<Observation>& seen) const;
    /// Whether the answer to this step may change the diagnosis even then.
    bool matters(const Step& step) const;

    /// Servers that a published document names; they count from the next call of next() on.
    void publish(const std::vector<ServerSetting>& servers);

    /// A plain start has met silence for some seconds: whether the port speaks TLS is asked meanwhile.
    std::vector<Step> silent(const Visit& visit);

private:
    void look_up_basics(std::vector<Step>& out);
    void look_up_found_names(const std::vector<Observation>& seen, std::vector<Step>& out);
    void look_up_near_names(const std::vector<Observation>& seen, std::vector<Step>& out);
    void look_up_near_domains(const std::vector<Observation>& seen, std::vector<Step>& out);
    void visit_typed(const ServerSetting& typed, const std::vector<Observation>& seen,
                     std::vector<Step>& out);
    void visit_relay_server(const std::vector<Observation>& seen, std::vector<Step>& out);
    void visit_published(const std::vector<Observation>& seen, std::vector<Step>& out);
    void visit_usual(const std::vector<Observation>& seen, std::vector<Step>& out, bool idle);
    void visit_mx(const std::vector<Observation>& seen, std::vector<Step>& out);
    void ask_policy(const std::vector<Observation>& seen, std::vector<Step>& out);
    void follow_other_mode(const std::vector<Observation>& seen, std::vector<Step>& out);
    void follow_other_name(const std::vector<Observation>& seen, std::vector<Step>& out);
    void follow_other_addresses(const std::vector<Observation>& seen, std::vector<Step>& out);
    void follow_silent_25(const std::vector<Observation>& seen, std::vector<Step>& out);
    void fall_back(const std::vector<Observation>& seen, std::vector<Step>& out);

    bool is_given(const Visit& visit) const;
    bool wants(Role role, const std::vector<Observation>& seen) const;
    void add(std::vector<Step>& out, Lookup lookup);
    void add(std::vector<Step>& out, Visit visit);
    void add_if_reachable(std::vector<Step>& out, Visit visit, const std::vector<Observation>& seen);
    bool same_server_visited(const Visit& visit, const std::vector<Observation>& seen) const;

    Request request_;
    Knowledge knowledge_;
    std::set<std::string> given_;
    std::set<std::string>
        places_;  // address:port:mode of visits given: two names for one server are visited once
    std::size_t typo_lookups_{0};
    bool started_{false};
};

/// Whether some dialog shows a server that works for this role.
bool role_served(Role role, const std::vector<Observation>& seen);

}  // namespace maildoctor::plan
