// The call script: which question on the phone tells most, and what the answers point to.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "core/model/report.h"
#include "gui/model/words.h"

namespace maildoctor::gui {

struct Suspect {
    Cause cause{};
    double share{};  ///< probability, 0…1
    std::string title{};
};

/// Keeps a probability for each cause, and asks what is expected to lower the uncertainty most (in bits of
/// entropy).
class CallScript {
public:
    CallScript();

    /// The next question; nothing when none tells enough any more, or one cause is nearly certain.
    std::optional<std::size_t> next() const;
    Text question(std::size_t number) const;
    std::vector<Text> answers(std::size_t number) const;
    /// @param choice of answers(); its size: the caller does not know
    void answer(std::size_t number, std::size_t choice);
    void back();
    void restart();

    struct Given {
        std::size_t question{}, choice{};
    };
    const std::vector<Given>& given() const noexcept { return given_; }
    /// The causes, the likeliest first, with their titles.
    std::vector<Suspect> suspects(Language language) const;
    bool is_clear() const;
    /// The same report as a check gives: findings from the answers, nothing measured.
    Report report(const Request& request, Language language, const std::string& version) const;

private:
    double expected_gain(std::size_t number) const;
    bool asked(std::size_t number) const;
    void recompute();

    std::vector<double> shares_{};
    std::vector<Given> given_{};
};

}  // namespace maildoctor::gui
