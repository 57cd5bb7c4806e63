// `explain --check`: asks the server that a pasted error names whether the fault is still there.
#pragma once

#include <string>
#include <vector>

#include "core/model/clues.h"

namespace maildoctor::cli {

/// How the named server is asked.
struct NamedServerOptions {
    std::string ca_file{}, trust_anchor{}, language{"en"};
    std::vector<std::string> resolvers{};
    int timeout{45};  ///< seconds
    int width{80};
    bool allow_local{false};
    bool json{false};
};

/// What came of it.
struct NamedServerAnswer {
    std::string
        output{};  ///< text for people, or an object {"check":…,"still_there":true|false|null} for programs
    int status{
        3};  ///< exit status: 0 the server works, 1 a problem was found, 2 wrong use, 3 nothing could be told
};

/// Probes the server, port and protocol that stand in the text: mail ports only, and no address of this
/// computer or its own network unless allowed. Sends no secret.
NamedServerAnswer check_named_server(const std::string& text, const Clues& clues,
                                     const NamedServerOptions& options);

}  // namespace maildoctor::cli
