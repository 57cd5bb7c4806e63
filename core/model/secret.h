// Passwords and tokens: a type that cannot be copied, printed or compared, and that is wiped at its end.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace maildoctor {

/// Overwrites the bytes in a way that the compiler may not leave out.
void wipe(char* bytes, std::size_t size) noexcept;
inline void wipe(std::string& bytes) noexcept {
    wipe(bytes.data(), bytes.size());
}

/// Wipes a string at the end of a scope, whichever way it is left.
class WipeAtEnd {
public:
    explicit WipeAtEnd(std::string& bytes) noexcept : bytes_(bytes) {}
    WipeAtEnd(const WipeAtEnd&) = delete;
    WipeAtEnd& operator=(const WipeAtEnd&) = delete;
    ~WipeAtEnd() { wipe(bytes_); }

private:
    std::string& bytes_;
};

/// A password or token. `reveal()` is the only way in; each login mechanism calls it once.
class Secret {
public:
    explicit Secret(std::string&& bytes);
    Secret(Secret&&) noexcept = default;
    Secret(const Secret&) = delete;
    Secret& operator=(const Secret&) = delete;
    Secret& operator=(Secret&&) = delete;
    ~Secret();

    std::string_view reveal() const noexcept { return {bytes_.data(), bytes_.size()}; }

private:
    std::vector<char> bytes_;  // a vector, not a string: no short-string copies stay behind after a move
};

}  // namespace maildoctor
