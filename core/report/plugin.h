// One line for monitoring systems that run plugins: Nagios, Icinga, Naemon, Sensu and others.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/model/report.h"
#include "core/model/validation.h"

namespace maildoctor::report {

/// The exit status of a plugin (Monitoring Plugins Development Guidelines, "Plugin Return Codes").
enum class PluginState : std::uint8_t { ok = 0, warning = 1, critical = 2, unknown = 3 };

/// A plugin's whole output: its state, and the line with performance data behind the bar.
struct PluginOutput {
    PluginState state{PluginState::unknown};
    std::string line{};  ///< with its line feed; no other in it
};

/// A problem is critical, a warning a warning, and what could not be concluded unknown.
PluginOutput render_plugin(const Report& report);

/// Nothing could be done at all: used wrongly, or stopped.
PluginOutput plugin_unknown(std::string_view why);

/// Validations as one plugin output, however many there are; keeps some figures and the names of the first
/// few domains that are not well.
class PluginSummary {
public:
    void add(const Validation& validation);
    /// @param left_out lines of the list that were no domain, or domains that were not reached
    PluginOutput output(std::size_t left_out = 0) const;

private:
    struct Bad {
        PluginState state;
        std::string text;
    };

    std::size_t domains_{0}, critical_{0}, warning_{0}, unknown_{0};
    std::size_t errors_{0}, warnings_{0}, servers_{0}, working_{0};
    std::int64_t milliseconds_{0};
    std::optional<std::int64_t> days_{};  // until the first certificate ends
    std::string only_{};                  // what to say of a single domain
    std::vector<Bad> bad_{};
};

}  // namespace maildoctor::report
