#include "core/doctor/told.h"

#include <iterator>
#include <set>
#include <utility>

#include "core/model/dialog.h"

namespace maildoctor::doctor {
namespace {

Told about_relay(const Observation& seen) {
    std::string named;
    if (!seen.relay->trials.empty())
        named = ", " + seen.relay->trials.front().sender + " and " + seen.relay->trials.front().recipient;
    return {
        .who = *seen.subject.host,
        .what = "addresses of strangers, to see whether it passes on their mail" + named + "; no message"};
}

}  // namespace

std::vector<Told> who_was_told(const Request& request, const std::vector<IpAddress>& resolvers,
                               std::vector<Told> discovery, const std::vector<Observation>& seen) {
    std::vector<Told> told;
    std::string names;
    for (const IpAddress& address : resolvers)
        names += (names.empty() ? "" : ", ") + address.text();
    if (!names.empty())
        told.push_back({.who = "name server " + names, .what = "the names of the domain and its servers"});
    if (request.email)
        told.push_back({.who = "the mail servers of " + request.email->domain.text(),
                        .what = "that somebody connects; no address, no password"});
    told.insert(told.end(), std::move_iterator(discovery.begin()), std::move_iterator(discovery.end()));
    std::set<std::string> with_password, web_servers;
    for (const Observation& o : seen) {
        if (o.login && o.login->secret_sent && with_password.insert(*o.subject.host).second)
            told.push_back({.who = *o.subject.host, .what = "user name and password, for a login"});
        if (o.probe == clock_probe && web_servers.insert(*o.subject.host).second)
            told.push_back(
                {.who = "the web server of " + *o.subject.host, .what = "that somebody asks, for the time"});
        if (o.mta_sts && o.mta_sts->status != 0)
            told.push_back({.who = "mta-sts." + *o.subject.host,
                            .what = "that somebody reads the domain's transport policy"});
        if (o.relay) told.push_back(about_relay(o));
        if (o.send && !o.send->command.empty())
            told.push_back({.who = *o.subject.host,
                            .what = "a test message from " + o.send->sender + " to " + o.send->recipient});
    }
    return told;
}

}  // namespace maildoctor::doctor
