// Reads lexicon/weights.tsv: how much each word speaks for each cause (rules/lexicon/train.py makes it).
#include <charconv>
#include <limits>

#include "core/knowledge/read_files.h"

namespace maildoctor::knowledge {
namespace {

std::vector<std::string_view> cells_of(std::string_view line, char separator) {
    std::vector<std::string_view> cells;
    while (true) {
        const std::size_t end = line.find(separator);
        cells.push_back(line.substr(0, end));
        if (end == std::string_view::npos) return cells;
        line.remove_prefix(end + 1);
    }
}

template <class Number>
bool read_number(std::string_view text, Number& value) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc() && end == text.data() + text.size();
}

/// "cause", id, prior, absent
bool read_cause(const std::vector<std::string_view>& cells, LexiconSource& lexicon) {
    LexiconSource::CauseRow row;
    if (cells.size() != 4 || !read_number(cells[2], row.prior) || !read_number(cells[3], row.absent))
        return false;
    row.cause = cells[1];
    lexicon.causes.push_back(std::move(row));
    return true;
}

/// "word", feature, "cause:weight cause:weight …" with causes counted in the order of their rows
bool read_word(const std::vector<std::string_view>& cells, LexiconSource& lexicon) {
    if (cells.size() != 3) return false;
    LexiconSource::WordRow row{.feature = std::string(cells[1])};
    for (const std::string_view pair : cells_of(cells[2], ' ')) {
        const std::size_t colon = pair.find(':');
        std::uint8_t cause{};
        int weight{};
        if (colon == std::string_view::npos || !read_number(pair.substr(0, colon), cause) ||
            !read_number(pair.substr(colon + 1), weight) || cause >= lexicon.causes.size() ||
            weight < std::numeric_limits<std::int8_t>::min() ||
            weight > std::numeric_limits<std::int8_t>::max())
            return false;
        row.weights.emplace_back(cause, static_cast<std::int8_t>(weight));
    }
    lexicon.words.push_back(std::move(row));
    return true;
}

}  // namespace

void read_lexicon(std::string_view text, const std::string& file, Sources& sources,
                  std::vector<Complaint>& complaints) {
    unsigned number = 0;
    for (const std::string_view line : cells_of(text, '\n')) {
        ++number;
        if (line.empty() || line.front() == '#') continue;
        const auto cells = cells_of(line, '\t');
        const bool read = cells[0] == "cause"  ? read_cause(cells, sources.lexicon)
                          : cells[0] == "word" ? read_word(cells, sources.lexicon)
                                               : false;
        if (!read)
            complaints.push_back({.file = file,
                                  .line = number,
                                  .column = 1,
                                  .text = "neither a cause with two figures nor a word with its weights"});
    }
}

}  // namespace maildoctor::knowledge
