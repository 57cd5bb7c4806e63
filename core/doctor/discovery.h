// The facade's part for published settings.
#pragma once

#include <expected>
#include <memory>
#include <string_view>

#include "core/doctor/doctor.h"
#include "core/model/discovery.h"
#include "core/model/lookup_plan.h"
#include "core/model/offer.h"
#include "core/model/publication.h"
#include "core/model/report.h"

namespace maildoctor::doctor {

/// Reads a settings document from a file as mail programs would read it from the network, without network.
/// @param bytes from anybody; more than 1 MiB is a fault of the document
PublishedDocument read_document(DocumentFormat format, std::string_view bytes, const EmailAddress& email);

/// Where a program would look for the account's settings, in its order. No network.
LookupPlan plan_lookup(const EmailAddress& email, const LookupOptions& options);

/// What a domain publishes so that mail programs find these servers. No network.
/// @return the parts, or one line that says why nothing can be made
std::expected<std::vector<PublicationPart>, std::string> make_publication(const PublicationOffer& offer);

/// A search under way on a thread of its own.
class DiscoveryRun {
public:
    virtual ~DiscoveryRun() = default;
    DiscoveryRun(const DiscoveryRun&) = delete;
    DiscoveryRun& operator=(const DiscoveryRun&) = delete;

    /// Asks the search to stop; it still ends with what was found. Safe from any thread, more than once.
    virtual void cancel() noexcept = 0;
    /// Waits for the end. Call it once. Throws what was a fault of ours, never an expected failure.
    virtual Discovery wait() = 0;

protected:
    DiscoveryRun() = default;
};

/// Asks all places where the account's settings may be published, adds what the rules know of its provider,
/// guesses where nothing is published, and visits the servers that were named: ServerSetting::works says what
/// came of it. Never logs in.
/// @return the run, or one line that says which option cannot be used
std::expected<std::shared_ptr<DiscoveryRun>, BadOption> start_discovery(EmailAddress email, Options options);

}  // namespace maildoctor::doctor
