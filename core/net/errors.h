// The one place where Asio's errors become evidence.
#pragma once

#include <asio/error_code.hpp>

#include "core/model/result.h"

namespace maildoctor::net {

/// Turns an Asio error into a Failure. Compared with asio::error::* only: Asio 1.22's codes never equal
/// std::errc values. The text is ours, in English, whatever the system's language.
Failure failure_from(const asio::error_code& error, Stage stage);

}  // namespace maildoctor::net
