// What a pasted text says: codes, fields, and the causes that it points to.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "core/model/cause.h"
#include "core/model/words.h"

namespace maildoctor {

/// A place in the text that decided. Offsets count octets of the text as it was given, after decoding to
/// UTF-8.
struct Match {
    std::string rule{};  ///< id of the rule
    std::string code{};  ///< canonical spelling, or empty when words matched
    std::size_t begin{}, end{};
};

struct CauseCandidate {
    Cause cause{};
    Confidence confidence{Confidence::possible};
    std::string variant{};  ///< id of a text variant, or empty
    std::vector<Match> matched{};
    double weight{};  ///< for ranking only
};

/// Fields that stand literally in the text.
struct TextFields {
    std::optional<std::string> account{};
    std::optional<Protocol> protocol{};
    std::optional<std::string> server{};
    std::optional<int> port{};
    std::optional<bool> ssl{};
    std::optional<std::string> server_response{};
    std::optional<std::string> socket_error{};
    std::optional<std::string> address{};  ///< an e-mail address
    std::vector<std::string> codes{};      ///< in the spelling of the text
};

struct NotMail {
    std::string name{};
    std::string meaning{};
};

/// What is known about one code: its name, where it comes from and what it says.
struct CodeMeaning {
    std::string code{};
    std::string symbol{};
    std::string origin{};
    std::string meaning{};
};

struct Clues {
    std::vector<CauseCandidate> causes{};  ///< best first
    TextFields fields{};
    std::vector<CodeMeaning> codes{};
    std::string program{};   ///< id of the mail program, or empty
    std::string provider{};  ///< id of the provider, or empty
    std::string language{};  ///< "en", "de", … of the text as far as it shows
    std::optional<NotMail> not_mail{};
    bool secret_removed{false};  ///< a password stood in the text and was taken out
    std::string text{};          ///< decoded, with secrets removed: what the spans refer to
};

}  // namespace maildoctor
