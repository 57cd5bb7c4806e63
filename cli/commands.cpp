#include <array>

#include "cli/check_command.h"
#include "cli/command.h"
#include "cli/config_command.h"
#include "cli/discover_command.h"
#include "cli/explain_command.h"
#include "cli/generate_command.h"
#include "cli/guide_command.h"
#include "cli/history_command.h"
#include "cli/publish_command.h"
#include "cli/relay_command.h"
#include "cli/rules_command.h"
#include "cli/serve_command.h"
#include "cli/tls_command.h"
#include "cli/validate_command.h"
#include "cli/worker_command.h"

namespace maildoctor::cli {

std::span<const Command> commands() {
    static constexpr std::array table = {
        Command{"check", add_check_command},     Command{"discover", add_discover_command},
        Command{"explain", add_explain_command}, Command{"guide", add_guide_command},
        Command{"history", add_history_command}, Command{"diff", add_diff_command},
        Command{"publish", add_publish_command}, Command{"relay", add_relay_command},
        Command{"rules", add_rules_command},     Command{"validate", add_validate_command},
        Command{"worker", add_worker_command},   Command{"serve", add_serve_command},
        Command{"config", add_config_command},   Command{"generate", add_generate_command},
        Command{"tls", add_tls_command},
    };
    return table;
}

}  // namespace maildoctor::cli
