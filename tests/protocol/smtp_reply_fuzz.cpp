// Replies of an SMTP server, and what is read out of them.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "core/protocol/smtp_reply.h"
#include "core/protocol/stated.h"
#include "tests/support/parser_properties.h"

using namespace maildoctor;
using namespace maildoctor::protocol;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view input(reinterpret_cast<const char*>(data), size);
    testing::check_stream(&take_smtp_reply, input, [](const SmtpReply& reply) {
        testing::require(reply.code >= 100 && reply.code < 600, "a code has three digits");
        testing::require(!reply.lines.empty() && reply.lines.size() <= smtp_bounds::lines, "1 to 128 lines");
        for (const auto& line : reply.lines)
            testing::require(line.size() <= smtp_bounds::line, "lines are bounded");
        testing::require(reply.text().size() <= smtp_bounds::reply + smtp_bounds::lines,
                         "the text is bounded");
        const SmtpCapabilities offer = read_ehlo(reply);
        testing::require(offer.lines.size() < reply.lines.size() || offer.lines.empty(),
                         "one capability a line");
    });
    (void)is_masked_greeting(input);
    if (const auto pause = asked_pause(input))
        testing::require(pause->count() > 0 && pause->count() <= 86400, "a pause is a second to a day");
    return 0;
}
