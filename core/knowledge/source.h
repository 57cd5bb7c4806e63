// The knowledge as people write it: what the files under rules/ say, read and checked but not yet compiled.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/model/cause.h"
#include "core/model/words.h"

namespace maildoctor::knowledge {

/// A fault in a file of the rule pack: where, and what is wrong with it.
struct Complaint {
    std::string file{};
    unsigned line{};
    unsigned column{};
    std::string text{};
    enum class Grade : std::uint8_t {
        advice,      ///< could be better
        incomplete,  ///< the linter fails, a pack can still be built (a text that one language lacks)
        fault,       ///< no pack is built from this
    } grade{Grade::fault};
};

/// How much a kind of evidence is worth when several causes are found; the weight that ranking starts from.
enum class Rank : std::uint8_t {
    detail,    ///< never a cause of its own: names the variant of a cause that other evidence gives
    family,    ///< the code is unknown, but its family is not
    symptom,   ///< the user's own description
    general,   ///< words that many programs use for many faults
    client,    ///< the mail program's wording or wrapper code
    socket,    ///< the system's or library's own error
    status,    ///< a specific reply or enhanced status code
    server,    ///< the server's own words
    provider,  ///< a known provider's known wording
};
int weight_of(Rank rank) noexcept;

struct RuleSource {
    std::string id{};
    std::string file{};
    unsigned line{};
    std::string cause{};  ///< cause id, or empty in a rule that only names a provider's code
    std::string variant{};
    Confidence confidence{Confidence::likely};
    Rank rank{Rank::server};
    int boost{};                           ///< added to the rank's weight
    std::vector<std::string> phrases{};    ///< any of these
    std::vector<std::string> all{};        ///< each of these
    std::vector<std::string> none{};       ///< none of these
    std::vector<std::string> codes{};      ///< any of these
    std::vector<std::string> no_codes{};   ///< none of these
    std::vector<std::string> programs{};   ///< the text is of one of these mail programs
    std::vector<std::string> providers{};  ///< the text names one of these providers
    std::vector<Protocol> protocols{};
    std::string reply{};    ///< "4" or "5": class of an SMTP reply in the text
    std::string dialect{};  ///< "sending": not of POP3 and IMAP answers; "retrieval": not of SMTP replies
    std::string pattern{};  ///< RE2, over the text in lower case; asked last
    std::string source{};
    std::string checked{};
    std::vector<std::string> match{}, no_match{};  ///< examples
};

struct CodeSource {
    std::string file{};  ///< name of the table, e.g. "winsock"
    unsigned line{};
    std::string code{}, symbol{}, origin{}, meaning{}, cause{}, source{};
};

struct FixSource {
    Audience audience{};
    std::string client{}, provider{};
    std::vector<std::string> steps{};
};

struct TextSource {
    std::string file{};
    std::string cause{};  ///< or the variant's id, within `variants`
    std::string title{}, meaning{};
    std::vector<std::string> why{};
    std::string actor{};
    std::vector<std::string> references{};
    std::vector<FixSource> fixes{};
    std::vector<TextSource> variants{};
};

struct ProgramSource {
    std::string id{}, name{};
    std::vector<std::string> aliases{}, recognise{};
    std::string vendor{}, platform{}, max_tls{}, oauth{}, ends{};
    bool imap{true}, pop3{true};
    std::map<std::string, std::string> notes{};  ///< by language
    std::map<std::string, std::string> paths{};  ///< what → menu path
};

struct FactSource {
    std::string kind{}, cause{}, source{}, checked{};
    std::map<std::string, std::string> text{};  ///< by language
};

struct ServerSource {
    std::string protocol{}, host{}, security{}, username{};
    std::vector<std::string> auth{};
    int port{};
};

struct ProviderSource {
    std::string id{}, name{};
    std::vector<std::string> domains{}, hosts{}, mx{};
    std::vector<ServerSource> servers{};
    std::vector<FactSource> facts{};
};

struct GuideStepSource {
    std::string text{}, when{};
};
struct GuideSource {
    std::string language{}, program{}, name{};
    std::vector<std::string> sources{}, notes{};
    std::vector<GuideStepSource> steps{};
};

struct GlossarySource {
    std::string language{}, id{}, title{}, text{};
    std::vector<std::string> terms{}, see{};
};

/// A mail program as servers meet it on an encrypted connection.
struct TlsClientSource {
    std::string id{}, name{}, program{};
    std::vector<std::string> ciphers{}, groups{}, signatures{};  ///< signatures: four hexadecimal digits
    std::size_t oldest{}, newest{};                              ///< 0: TLS 1.0 … 3: TLS 1.3
    int least_dh{}, most_dh{};                                   ///< bits; 0: any
    bool sni{true}, tickets{false}, extended_master_secret{false};
};

/// A program or device that issues certificates of its own on the way.
struct InterceptorSource {
    std::string id{}, name{}, kind{}, checked{};
    std::vector<std::string> issuers{};
};

/// The words with which a kind of server refuses one connection too many.
struct ConnectionLimitSource {
    std::string id{}, server{}, pattern{};
    std::vector<std::string> examples{};
    int says{};
};

/// How much words speak for causes; all figures are natural logarithms times 16.
struct LexiconSource {
    struct CauseRow {
        std::string cause{};  ///< id, or "-" for text that is about no mail problem
        int prior{};          ///< how usual the cause is
        int absent{};         ///< weight of a word that was never seen with it
    };
    struct WordRow {
        std::string feature{};
        std::vector<std::pair<std::uint8_t, std::int8_t>> weights{};  ///< index into causes, weight
    };
    std::vector<CauseRow> causes{};
    std::vector<WordRow> words{};
};

/// pack.toml: which rules these are.
struct PackSource {
    std::string version{}, date{};
};

/// Everything under rules/.
struct Sources {
    PackSource pack{};
    LexiconSource lexicon{};
    std::vector<RuleSource> rules{};
    std::vector<CodeSource> codes{};
    std::map<std::string, std::vector<TextSource>> texts{};  ///< by language
    std::vector<ProgramSource> programs{};
    std::vector<ProviderSource> providers{};
    std::vector<GuideSource> guides{};
    std::vector<GlossarySource> glossary{};
    std::vector<TlsClientSource> tls_clients{};
    std::vector<InterceptorSource> interceptors{};
    std::vector<ConnectionLimitSource> connection_limits{};
};

/// "match/relay.toml:12:1: text", as compilers write it; without the numbers where there is no line.
std::string as_line(const Complaint& complaint);

/// The files of a pack by their names below its folder ("match/relay.toml"), with their contents.
using PackFiles = std::map<std::string, std::string>;

/// Reads the files of a pack. What is missing is simply absent; every fault is a Complaint with its
/// place, and reading goes on behind it. Never throws for what files contain.
Sources read_sources(const PackFiles& files, std::vector<Complaint>& complaints);

/// Reads one rule file from memory (for tests and fuzzing).
void read_rules(std::string_view toml, const std::string& file, Sources& sources,
                std::vector<Complaint>& complaints);

/// The checks that go beyond one file: causes exist, ids are unique, every cause with a rule has its text in
/// every language, rules carry examples.
void check_sources(const Sources& sources, std::vector<Complaint>& complaints);

}  // namespace maildoctor::knowledge
