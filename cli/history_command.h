// `maildoctor history`: the runs that were kept. `maildoctor diff`: what differs between two of them.
#pragma once

#include <string>
#include <string_view>

namespace CLI {
class App;
}

namespace maildoctor::cli {

void add_history_command(CLI::App& app, int& status);
void add_diff_command(CLI::App& app, int& status);

/// Keeps the JSON report of a run where `--store` says; nothing when it says nothing. A failure is one line
/// on standard error and nothing else: the run's result counts.
void keep_run(const std::string& store, const char* command, std::string_view document);
/// The same without a word. @return the line that says why it was not kept; empty when it was
std::string keep_quietly(const std::string& store, const char* command, std::string_view document);

}  // namespace maildoctor::cli
