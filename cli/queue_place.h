// Where a queue is, on the command line.
#pragma once

#include <CLI/CLI.hpp>
#include <string>

#include "core/doctor/queued.h"

namespace maildoctor::cli {

struct QueueArguments {
    std::string address{}, password_file{};
};

/// Declares --queue and --queue-password-file.
void add_queue_options(CLI::App& app, QueueArguments& typed);
/// Throws UsageError where --queue is missing or the password cannot be read.
doctor::QueuePlace read_queue_place(const QueueArguments& typed);
/// A name that no other worker has.
std::string worker_name();

}  // namespace maildoctor::cli
