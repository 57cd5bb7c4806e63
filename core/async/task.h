// The coroutine type of all network code. Asio's awaitable behind our own name.
#pragma once

#include <asio/awaitable.hpp>

namespace maildoctor {

/// A lazily started coroutine on an event loop. Parameters of coroutines are values or shared pointers, never
/// references or views (they would dangle at the first suspension).
template <class T = void>
using Task = asio::awaitable<T>;

}  // namespace maildoctor
