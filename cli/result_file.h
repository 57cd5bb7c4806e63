// A file that results are added to, and what an earlier run left in it.
#pragma once

#include <cstdio>
#include <filesystem>
#include <string>
#include <string_view>
#include <unordered_set>

#include "core/report/validation.h"

namespace maildoctor::cli {

/// What a file of results already holds.
struct EarlierResults {
    std::unordered_set<std::string> domains{};  ///< that have a whole result
    std::uintmax_t whole_octets{};              ///< what stands behind was cut off in the middle
};

/// Reads the results of an earlier run: whole lines of jsonl; of csv all but the last domain's lines, because
/// more of them may have been meant to follow. A file that does not exist holds nothing. Throws UsageError
/// with one line when the file cannot be read or was not written by `validate` in this format.
EarlierResults read_earlier_results(const std::filesystem::path& path, report::ValidationFormat format);

/// Where results go: a file, or standard output. What is written is complete after each call.
class ResultFile {
public:
    /// Standard output.
    ResultFile() = default;
    /// A file, of which the first `keep` octets stay. Throws UsageError when it cannot be opened for writing.
    ResultFile(const std::filesystem::path& path, std::uintmax_t keep);
    ResultFile(const ResultFile&) = delete;
    ResultFile& operator=(const ResultFile&) = delete;
    ~ResultFile();

    /// Throws OutputError with one line when the bytes cannot be written.
    /// @return whether somebody still reads
    bool write(std::string_view bytes);

private:
    std::FILE* file_{nullptr};
    std::string name_{};
};

}  // namespace maildoctor::cli
