#include "cli/result_file.h"

#include <cerrno>
#include <fstream>
#include <system_error>

#include "cli/command.h"
#include "cli/output.h"

namespace maildoctor::cli {
namespace {

constexpr std::string_view json_start = "{\"domain\":\"";
constexpr std::string_view csv_start = "domain,verdict,";

/// The domain that a line of jsonl is about; empty when it is none of ours.
std::string_view domain_of_json(std::string_view line) {
    if (!line.starts_with(json_start) || !line.ends_with("}")) return {};
    line.remove_prefix(json_start.size());
    return line.substr(0, line.find('"'));
}

[[noreturn]] void refuse(const std::filesystem::path& path, const std::string& why) {
    throw UsageError("--resume: " + path.string() + ": " + why);
}

}  // namespace

EarlierResults read_earlier_results(const std::filesystem::path& path, report::ValidationFormat format) {
    EarlierResults earlier;
    std::error_code error;
    if (!std::filesystem::exists(path, error)) return earlier;
    std::ifstream file(path, std::ios::binary);
    if (!file) refuse(path, "cannot be read: " + std::generic_category().message(errno));
    const bool csv = format == report::ValidationFormat::csv;
    std::string line, last;
    std::uintmax_t at = 0, begin_of_last = 0;
    bool head = csv;
    while (std::getline(file, line)) {
        if (file.eof()) break;  // no line feed: cut off in the middle
        const std::uintmax_t begin = at;
        at += line.size() + 1;
        if (head) {
            if (!line.starts_with(csv_start)) refuse(path, "is no CSV file of 'maildoctor validate'");
            head = false;
            begin_of_last = at;
            continue;
        }
        const std::string domain(csv ? std::string_view(line).substr(0, line.find(','))
                                     : domain_of_json(line));
        if (domain.empty()) refuse(path, "is no file of 'maildoctor validate --format jsonl'");
        if (!csv) {
            earlier.domains.insert(domain);
            earlier.whole_octets = at;
        } else if (domain != last) {
            if (!last.empty()) earlier.domains.insert(last);
            begin_of_last = begin;
            last = domain;
        }
    }
    if (csv) earlier.whole_octets = begin_of_last;
    return earlier;
}

ResultFile::ResultFile(const std::filesystem::path& path, std::uintmax_t keep) : name_(path.string()) {
    std::error_code error;
    if (keep > 0) std::filesystem::resize_file(path, keep, error);
    if (!error) file_ = std::fopen(name_.c_str(), keep > 0 ? "ab" : "wb");
    if (file_ == nullptr)
        throw UsageError("--output: " + name_ + " cannot be written: " +
                         (error ? error.message() : std::generic_category().message(errno)));
}

ResultFile::~ResultFile() {
    if (file_ != nullptr) std::fclose(file_);
}

bool ResultFile::write(std::string_view bytes) {
    if (file_ == nullptr) return write_output(bytes);
    const bool written = std::fwrite(bytes.data(), 1, bytes.size(), file_) == bytes.size();
    if (written && std::fflush(file_) == 0) return true;
    throw OutputError(name_ + " cannot be written: " + std::generic_category().message(errno));
}

}  // namespace maildoctor::cli
