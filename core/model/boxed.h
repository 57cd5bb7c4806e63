// An optional whose value lies on the heap: for facts that few have and that are large.
#pragma once

#include <memory>
#include <optional>
#include <utility>

namespace maildoctor {

/// Like std::optional<T>, as small as a pointer while it is empty and moved by moving that pointer. Copies
/// copy the value; an empty one is nothing to read: ask before.
template <class T>
class Boxed {
public:
    Boxed() noexcept = default;
    // NOLINTBEGIN(google-explicit-constructor): as std::optional converts
    Boxed(std::nullopt_t) noexcept {}
    Boxed(T value) : value_(std::make_unique<T>(std::move(value))) {}
    // NOLINTEND(google-explicit-constructor)
    Boxed(const Boxed& other) : value_(other.value_ ? std::make_unique<T>(*other.value_) : nullptr) {}
    Boxed(Boxed&&) noexcept = default;
    Boxed& operator=(const Boxed& other) {
        if (this != &other) *this = Boxed(other);
        return *this;
    }
    Boxed& operator=(Boxed&&) noexcept = default;
    ~Boxed() = default;

    /// Puts a value there, made from `arguments`, in place of an earlier one.
    template <class... Arguments>
    T& emplace(Arguments&&... arguments) {
        value_ = std::make_unique<T>(T{std::forward<Arguments>(arguments)...});
        return *value_;
    }
    void reset() noexcept { value_.reset(); }

    bool has_value() const noexcept { return value_ != nullptr; }
    explicit operator bool() const noexcept { return has_value(); }
    T& operator*() noexcept { return *value_; }
    const T& operator*() const noexcept { return *value_; }
    T* operator->() noexcept { return value_.get(); }
    const T* operator->() const noexcept { return value_.get(); }

private:
    std::unique_ptr<T> value_;
};

}  // namespace maildoctor
