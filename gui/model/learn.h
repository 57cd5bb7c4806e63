// Learn: the words of mail from the rules, each with a picture where one helps.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "gui/model/words.h"

namespace maildoctor::gui {

enum class Picture : std::uint8_t {
    none,
    pop3,
    imap,
    smtp,
    account,
    encryption,
    certificate,
    ports,
    relay,
    dns,
    sender_check
};

struct Entry {
    std::string id{}, title{}, text{};
    std::vector<std::string> see{};  ///< ids
    std::string folded{};            ///< title and terms, for finding
    Picture picture{};
};

class LearnModel {
public:
    void load(Language language);
    std::string wanted{};  ///< what is looked for
    std::string chosen{};  ///< id

    const std::vector<Entry>& entries() const noexcept { return entries_; }
    /// Positions of the entries that fit what is looked for, in order.
    std::vector<std::size_t> found() const;
    const Entry* entry(std::string_view id) const;

private:
    std::vector<Entry> entries_{};
};

}  // namespace maildoctor::gui
