// Owning pointers to objects of C libraries.
#pragma once

#include <memory>

namespace maildoctor {

template <auto Free>
struct FreeWith {
    template <class T>
    void operator()(T* p) const noexcept {
        Free(p);
    }
};

/// A pointer that `Free` ends: Owned<FILE, fclose>. Takes no more room than a bare pointer.
template <class T, auto Free>
using Owned = std::unique_ptr<T, FreeWith<Free>>;

}  // namespace maildoctor
