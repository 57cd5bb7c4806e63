// What is said about a cause, and what is known about programs, providers and words.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/knowledge/pack.h"
#include "core/model/report.h"

namespace maildoctor::knowledge {

/// The text about one cause. Placeholders such as {server} still stand in it; see fill().
struct Text {
    std::string title{}, meaning{};
    std::vector<std::string> why{};  ///< most usual first
    Actor actor{Actor::user};
    std::vector<Fix> fixes{};  ///< one for each audience that has one: user, helpdesk, operator
    std::vector<std::string> references{};
};

/// What a text is asked for. Empty members are unknown.
struct TextRequest {
    std::string_view variant{};       ///< id of a variant, e.g. "winsock-11004"
    std::string_view program{};       ///< id of the mail program
    std::string_view provider{};      ///< id of the provider
    std::string_view language{"en"};  ///< falls back to English, text by text
};

/// The text for a cause. Never empty: without a text of its own a cause is told by its one line of
/// causes.tsv. Steps for the program and facts about the provider come before the general ones.
Text text_for(const Pack& pack, Cause cause, const TextRequest& request);
Text text_for(Cause cause, std::string_view variant, std::string_view program, std::string_view provider,
              std::string_view language);

/// Who must act, as the texts say it.
Actor actor_for(Cause cause);

using Values = std::map<std::string, std::string, std::less<>>;

/// Puts values into {placeholders}; one without a value becomes plain words ("the mail server").
/// Values are taken as they are: clean them before (control characters).
std::string fill(std::string_view text, const Values& values, std::string_view language = "en");
void fill(Text& text, const Values& values, std::string_view language = "en");

struct ProviderFact {
    std::string kind{}, text{}, source{}, checked{};
    std::optional<Cause> cause{};
    bool old{false};  ///< last checked more than two years before `today`
};

/// The provider behind a host name, an address's domain or an MX: by its domains, hosts and MX names and what
/// is below them. Nothing when it is not known.
const ProviderRecord* provider_of(const Pack& pack, std::string_view host);
const ProviderRecord* provider(const Pack& pack, std::string_view id);
/// The program with this id, name or alias, in any case; nothing when there is none.
const ProgramRecord* program(const Pack& pack, std::string_view name);
/// Whether what was checked on one day ("YYYY-MM-DD") has to be looked at again on another: two years later.
/// Anything but two dates ("never", "") is not old.
bool is_old(std::string_view checked, std::string_view today);
/// @param today "YYYY-MM-DD", to tell old facts
std::vector<ProviderFact> facts_about(const Pack& pack, const ProviderRecord& provider,
                                      std::string_view language, std::string_view today);

/// The program or device in between that issued a certificate, by the issuer's common name or organisation;
/// nothing when neither is known.
const InterceptorRecord* interceptor(const Pack& pack, std::string_view issuer,
                                     std::string_view organization);

const GuideRecord* guide(const Pack& pack, std::string_view program, std::string_view language);
/// The glossary entry for a term, however it is written ("POP 3", "pop3"); nothing when there is none.
const GlossaryRecord* glossary(const Pack& pack, std::string_view term, std::string_view language);

}  // namespace maildoctor::knowledge
