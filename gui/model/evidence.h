// What one observation showed, line by line.
#pragma once

#include <string>
#include <vector>

#include "core/model/observation.h"
#include "gui/model/words.h"

namespace maildoctor::gui {

struct FactLine {
    std::string label{};
    std::string text{};
    bool fault{false};
};

struct SpokenLine {
    TranscriptLine::From from{};
    int at_ms{};
    std::string text{};
};

struct SeenFacts {
    std::string heading{};
    std::vector<FactLine> facts{};
    std::vector<SpokenLine> spoken{};
};

/// All texts are cleaned.
SeenFacts evidence_of(const Observation& seen, Language language);

}  // namespace maildoctor::gui
