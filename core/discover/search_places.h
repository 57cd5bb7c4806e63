// One search under way: its places and how each of them is asked. For the sources of this room only.
#pragma once

#include <memory>
#include <string>

#include "core/discover/search.h"

namespace maildoctor::discover {

/// What all questions of one search share.
struct Search {
    std::shared_ptr<dns::Resolver> resolver;
    std::shared_ptr<const http::Transport> transport;
    EmailAddress email;
    SearchOptions options;
    Deadline deadline;
    int addresses_followed{0};  ///< Autodiscover answers that sent on to another address, up to here
};
using SearchPtr = std::shared_ptr<const Search>;

struct Place {
    std::string source;
    std::string step;
    std::string url;
    DocumentFormat format{DocumentFormat::autoconfig};
    bool third_party{false};
    bool pointer{false};      ///< Autodiscover in JSON, which tells where the answer in XML is
    bool web_site{false};     ///< the host is there for other things, too: its pages and faults say nothing
    bool told_openly{false};  ///< the address came over plain HTTP: anybody may have put it there
};

/// Asks one place, and where an Autodiscover answer sends on to. Calls SearchOptions::on_answer at its end.
Task<SourceAnswer> ask(SearchPtr search, Place place);

/// Outlook's step over plain HTTP ([MS-OXDISCO] section 3.1.5.4): a bare GET, of which only a redirect to
/// HTTPS counts.
Task<SourceAnswer> ask_openly(SearchPtr search, Place place);

/// PACC: the document counts only when its digest stands in DNS, and is never redirected.
Task<SourceAnswer> ask_pacc(SearchPtr search, Place place);

bool has_servers(const PublishedDocument& document);
/// The question could not be answered: neither found nor surely absent.
bool is_failure(const DnsFacts& facts);

}  // namespace maildoctor::discover
