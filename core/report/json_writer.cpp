#include "core/report/json_writer.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "core/report/clean.h"

namespace maildoctor::report {
namespace {

void append_escaped(std::string& out, std::string_view clean) {
    for (const char c : clean) {
        if (c == '"' || c == '\\') out += '\\';
        out += c;
    }
}

void append_quoted(std::string& out, std::string_view value) {
    out += '"';
    append_escaped(out, cleaned(value));
    out += '"';
}

}  // namespace

void JsonWriter::before_value() {
    if (needs_comma_) out_ += ',';
    needs_comma_ = true;
}

JsonWriter& JsonWriter::open(char bracket) {
    before_value();
    out_ += bracket;
    needs_comma_ = false;
    return *this;
}

JsonWriter& JsonWriter::close(char bracket) {
    out_ += bracket;
    needs_comma_ = true;
    return *this;
}

JsonWriter& JsonWriter::key(std::string_view name) {
    before_value();
    append_quoted(out_, name);
    out_ += ':';
    needs_comma_ = false;
    return *this;
}

JsonWriter& JsonWriter::text(std::string_view value) {
    before_value();
    append_quoted(out_, value);
    return *this;
}

JsonWriter& JsonWriter::lines(std::string_view value, std::size_t limit) {
    before_value();
    out_ += '"';
    while (true) {
        const std::size_t end = std::min(value.find('\n'), value.size());
        std::string_view line = value.substr(0, end);
        if (line.ends_with('\r')) line.remove_suffix(1);
        append_escaped(out_, maildoctor::cleaned(line, limit));
        if (end == value.size()) break;
        out_ += "\\n";
        value.remove_prefix(end + 1);
    }
    out_ += '"';
    return *this;
}

JsonWriter& JsonWriter::value(std::string_view json) {
    before_value();
    out_ += json;
    return *this;
}

JsonWriter& JsonWriter::verbatim(std::string_view value) {
    before_value();
    out_ += '"';
    for (const char c : value) {
        if (c == '"' || c == '\\') out_ += '\\';
        if (static_cast<unsigned char>(c) < 0x20)
            out_ += c == '\n' ? "\\n" : fmt::format("\\u{:04x}", static_cast<unsigned char>(c));
        else
            out_ += c;
    }
    out_ += '"';
    return *this;
}

JsonWriter& JsonWriter::number(std::int64_t value) {
    before_value();
    fmt::format_to(std::back_inserter(out_), "{}", value);
    return *this;
}

JsonWriter& JsonWriter::boolean(bool value) {
    before_value();
    out_ += value ? "true" : "false";
    return *this;
}

JsonWriter& JsonWriter::null() {
    before_value();
    out_ += "null";
    return *this;
}

JsonWriter& JsonWriter::member(std::string_view name, const std::vector<std::string>& values) {
    key(name).begin_array();
    for (const std::string& value : values)
        text(value);
    return end_array();
}

std::string JsonWriter::take() {
    needs_comma_ = false;
    return std::exchange(out_, {});
}

}  // namespace maildoctor::report
