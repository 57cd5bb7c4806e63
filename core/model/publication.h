// What a published settings document says, and what is wrong with it.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "core/model/settings.h"

namespace maildoctor {

/// Mozilla autoconfig (draft-ietf-mailmaint-autoconfig), Microsoft Autodiscover POX ([MS-OXDSCLI]), Apple
/// configuration profile (com.apple.mail.managed), draft-ietf-mailmaint-pacc (JSON).
enum class DocumentFormat : std::uint8_t { autoconfig, autodiscover, mobileconfig, pacc };

/// One defect of a document.
struct DocumentFault {
    /// "not-well-formed", "truncated", "wrong-root-element", "missing-email-provider", "missing-provider-id",
    /// "invalid-provider-id", "no-valid-domain", "no-incoming-server", "no-outgoing-server",
    /// "missing-element", "invalid-value", "unexpected-element", "forbidden-entity", "too-large", "too-deep",
    /// "error-response", "password-inside"
    std::string kind{};
    std::string element{};                  ///< the element (or plist key) that it is about; may be empty
    std::size_t line{}, column{};           ///< from 1; 0 where no place in the document is meant
    std::vector<std::string> dropped_by{};  ///< programs that throw the whole file away because of it
    std::string text{};                     ///< one line for people, cleaned
};

/// A server section that gives no usable setting.
struct SkippedServer {
    std::string type{};
    std::string host{};  ///< as written; may be empty
    std::string reason{};
};

/// What the document says about Exchange.
struct ExchangeHint {
    std::string ews_url{}, owa_url{};
    std::string host{};
    std::optional<Port> port{};
};

/// "You need to enable IMAP access first", with the page where that is done.
struct EnableHint {
    std::string url{}, text{};
};

struct PublishedDocument {
    Settings settings{};  ///< the tolerant reading, in the order of the document, placeholders filled
    std::vector<DocumentFault> faults{};
    std::vector<SkippedServer> skipped{};
    std::string redirect_url{};      ///< Autodiscover: ask there instead
    std::string redirect_address{};  ///< Autodiscover: ask for this address instead
    std::optional<ExchangeHint> exchange{};
    std::optional<EnableHint> enable{};
    std::string oauth2_issuer{};
    bool readable{true};  ///< false: nothing of it could be used, whatever the programs do

    /// Whether some program throws the document away, or nobody can read it.
    bool is_dropped() const {
        if (!readable) return true;
        for (const DocumentFault& fault : faults)
            if (!fault.dropped_by.empty()) return true;
        return false;
    }
};

}  // namespace maildoctor
