// The facade's part for validating what a domain publishes.
#pragma once

#include <expected>
#include <memory>
#include <string>

#include "core/doctor/doctor.h"
#include "core/model/isp_policy.h"
#include "core/model/validation.h"

namespace maildoctor::doctor {

inline constexpr int most_connections = 50;

struct ValidationOptions {
    int connections{1};  ///< dialogs with each server name, 1..most_connections
    std::string language{"en"};
    std::vector<std::string> selectors{};       ///< of DKIM keys, asked for beside the usual ones
    std::shared_ptr<const IspPolicy> policy{};  ///< the provider's own demands; null: none
};

/// A validation under way on a thread of its own.
class ValidationRun {
public:
    virtual ~ValidationRun() = default;
    ValidationRun(const ValidationRun&) = delete;
    ValidationRun& operator=(const ValidationRun&) = delete;

    /// Asks the run to stop; it still ends with what is known. Safe from any thread, more than once.
    virtual void cancel() noexcept = 0;
    /// Waits for the end. Call it once. Throws what was a fault of ours, never an expected failure.
    virtual Validation wait() = 0;

protected:
    ValidationRun() = default;
};

/// Asks every place where the domain may publish settings, visits every server that is named, compares the
/// sources and follows each mail program through them. The hosts file of this computer does not count. Never
/// logs in.
/// @param account whose settings are asked for; only its domain is judged
/// @return the run, or one line that says which option cannot be used
std::expected<std::shared_ptr<ValidationRun>, BadOption> start_validation(EmailAddress account,
                                                                          Options options,
                                                                          ValidationOptions validation,
                                                                          Sink sink);

}  // namespace maildoctor::doctor
