#include "core/mime/received.h"

#include <Poco/DateTime.h>
#include <Poco/DateTimeFormat.h>
#include <Poco/DateTimeParser.h>

#include <algorithm>
#include <optional>
#include <string>

#include "core/model/text.h"

namespace maildoctor::mime {
namespace {

constexpr std::size_t most_name = 255, most_field = 8192;
constexpr std::string_view blanks = " \t\r\n";

/// The next line of the header without its end; empty at the end of the header.
std::string_view take_line(std::string_view& rest) {
    const auto end = std::min(rest.find('\n'), rest.size());
    std::string_view line = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (line.ends_with('\r')) line.remove_suffix(1);
    return line;
}

std::string_view take_word(std::string_view& rest) {
    rest.remove_prefix(std::min(rest.find_first_not_of(blanks), rest.size()));
    const std::string_view word = rest.substr(0, rest.find_first_of(" \t\r\n;"));
    rest.remove_prefix(word.size());
    return word;
}

/// Comments may nest (RFC 5322 section 3.2.2); what they say is not needed here.
std::string without_comments(std::string_view text) {
    std::string out;
    int depth = 0;
    for (const char c : text) {
        if (c == '(') ++depth;
        if (depth == 0) out += c;
        if (c == ')' && depth > 0) {
            --depth;
            out += ' ';
        }
    }
    return out;
}

std::optional<std::int64_t> time_from(std::string_view text) {
    Poco::DateTime moment;
    int zone = 0;
    const std::string date(trimmed(text));
    if (!Poco::DateTimeParser::tryParse(Poco::DateTimeFormat::RFC1123_FORMAT, date, moment, zone))
        return std::nullopt;
    moment.makeUTC(zone);
    return moment.timestamp().epochTime();
}

Hop hop_from(std::string_view value) {
    const std::string plain = without_comments(value.substr(0, most_field));
    Hop hop;
    const auto semicolon = plain.rfind(';');
    if (semicolon != std::string::npos) hop.time = time_from(std::string_view(plain).substr(semicolon + 1));
    std::string_view rest = std::string_view(plain).substr(0, semicolon);
    for (std::string_view word = take_word(rest); !word.empty(); word = take_word(rest)) {
        if (hop.from.empty() && same_word(word, "from")) hop.from = cleaned(take_word(rest), most_name);
        if (hop.by.empty() && same_word(word, "by")) hop.by = cleaned(take_word(rest), most_name);
    }
    return hop;
}

}  // namespace

std::vector<Hop> received_path(std::string_view header) {
    constexpr std::string_view name = "received:";
    std::vector<Hop> path;
    std::string field;
    const auto finish = [&] {
        if (field.size() > name.size() && same_word(std::string_view(field).substr(0, name.size()), name) &&
            path.size() < max_hops)
            path.push_back(hop_from(std::string_view(field).substr(name.size())));
        field.clear();
    };
    while (!header.empty()) {
        const std::string_view line = take_line(header);
        if (line.empty()) break;
        if (line.front() != ' ' && line.front() != '\t') finish();
        if (field.size() < most_field) field += line;
    }
    finish();
    std::ranges::reverse(path);  // each server puts its own on top
    return path;
}

}  // namespace maildoctor::mime
