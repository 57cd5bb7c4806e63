#include "cli/queue_place.h"

#include <fmt/format.h>

#include <memory>
#include <random>
#include <utility>

#include "cli/command.h"
#include "core/platform/secrets.h"

namespace maildoctor::cli {

void add_queue_options(CLI::App& app, QueueArguments& typed) {
    app.add_option("--queue", typed.address, "The queue, redis://HOST:PORT/STREAM")->option_text("URL");
    app.add_option("--queue-password-file", typed.password_file,
                   "The Redis server's password is the first line of this file; - is standard input")
        ->option_text("FILE");
}

doctor::QueuePlace read_queue_place(const QueueArguments& typed) {
    if (typed.address.empty()) throw UsageError("--queue is missing: redis://HOST:PORT/STREAM");
    doctor::QueuePlace place{.address = typed.address};
    if (typed.password_file.empty()) return place;
    auto secret = platform::read_secret_file(typed.password_file);
    if (!secret) throw UsageError("--queue-password-file: " + secret.error());
    place.password = std::make_shared<const Secret>(std::move(*secret));
    return place;
}

std::string worker_name() {
    std::random_device random;
    return fmt::format("worker-{:08x}{:08x}", random(), random());
}

}  // namespace maildoctor::cli
