// Any pasted octets: no crash, spans inside the text, and no secret that was planted in them comes out.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "core/explain/explain.h"
#include "core/explain/secrets.h"
#include "core/explain/share.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size > 65536) return 0;
    const std::string_view input(reinterpret_cast<const char*>(data), size);
    const auto check = [](const maildoctor::Clues& clues) {
        for (const auto& cause : clues.causes) {
            for (const auto& match : cause.matched) {
                if (match.begin > match.end || match.end > clues.text.size()) std::abort();
            }
        }
        std::string again = clues.text;
        static_cast<void>(maildoctor::explain::remove_secrets(again));
        static_cast<void>(maildoctor::explain::anonymised(clues.text));
    };
    check(maildoctor::explain::explain(input));
    const std::string planted =
        std::string(input) + "\npassword=Zq7xPlantedSecret\nAUTH PLAIN AGtpbQBacTd4UGxhbnRlZA==\n";
    const auto clues = maildoctor::explain::explain(planted);
    check(clues);
    // What stands in the text outside of any place for a secret is no secret.
    const bool planted_only = input.find("Zq7xPlantedSecret") == std::string_view::npos &&
                              input.find("AGtpbQBacTd4UGxhbnRlZA") == std::string_view::npos;
    const bool plain = planted_only && input.find('\0') == std::string_view::npos &&
                       input.find('\xFE') == std::string_view::npos &&
                       input.find('\xFF') == std::string_view::npos;
    if (plain && (clues.text.find("Zq7xPlantedSecret") != std::string::npos ||
                  clues.text.find("AGtpbQBacTd4UGxhbnRlZA") != std::string::npos))
        std::abort();
    return 0;
}
