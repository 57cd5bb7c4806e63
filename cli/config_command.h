// `maildoctor config`, and how the configuration becomes the defaults of the options.
#pragma once

namespace CLI {
class App;
}

namespace maildoctor::cli {

void add_config_command(CLI::App& app, int& status);

/// Makes what is configured the default of the options of `command`: --resolver, --language, --control-host,
/// --no-third-party, --ca-file, --store, --rules, --colour, as far as the command has them. Throws UsageError
/// when the configuration cannot be used.
void apply_configuration(CLI::App& command);

}  // namespace maildoctor::cli
