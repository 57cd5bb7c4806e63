#include "core/async/library.h"

#include <Poco/Environment.h>

#include <asio/version.hpp>
#include <cstdint>

namespace maildoctor::async {

std::string library_versions() {
    const auto three = [](unsigned major, unsigned minor, unsigned patch) {
        return std::to_string(major) + "." + std::to_string(minor) + "." + std::to_string(patch);
    };
    const std::uint32_t poco = Poco::Environment::libraryVersion();
    return "asio " + three(ASIO_VERSION / 100000, ASIO_VERSION / 100 % 1000, ASIO_VERSION % 100) + "; poco " +
           three(poco >> 24U, (poco >> 16U) & 0xFFU, (poco >> 8U) & 0xFFU);
}

}  // namespace maildoctor::async
