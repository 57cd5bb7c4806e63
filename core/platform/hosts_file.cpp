#include "core/platform/hosts_file.h"

#include <algorithm>
#include <optional>

namespace maildoctor::platform {
namespace {

std::string lower(std::string_view text) {
    std::string out(text);
    for (char& c : out) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
    }
    if (!out.empty() && out.back() == '.') out.pop_back();
    return out;
}

std::string_view next_word(std::string_view& line) {
    constexpr std::string_view blank = " \t\r\v\f";
    const std::size_t begin = line.find_first_not_of(blank);
    if (begin == std::string_view::npos) return line = {};
    line.remove_prefix(begin);
    const std::string_view word = line.substr(0, line.find_first_of(blank));
    line.remove_prefix(word.size());
    return word;
}

}  // namespace

HostsFile HostsFile::parse(std::string_view text) {
    HostsFile file;
    while (!text.empty()) {
        std::string_view line = text.substr(0, text.find('\n'));
        text.remove_prefix(std::min(line.size() + 1, text.size()));
        line = line.substr(0, line.find('#'));
        std::string_view address_text = next_word(line);
        const auto address = IpAddress::from(address_text.substr(0, address_text.find('%')));
        if (!address) continue;
        for (std::string_view name = next_word(line); !name.empty(); name = next_word(line))
            file.entries_.push_back(
                {.name = lower(name), .position = file.entries_.size(), .address = *address});
    }
    std::ranges::sort(file.entries_);
    return file;
}

std::vector<IpAddress> HostsFile::addresses_of(std::string_view name) const {
    if (entries_.empty()) return {};
    std::vector<IpAddress> found;
    for (const Entry& entry : std::ranges::equal_range(entries_, lower(name), {}, &Entry::name)) {
        if (std::ranges::find(found, entry.address) == found.end()) found.push_back(entry.address);
    }
    return found;
}

}  // namespace maildoctor::platform
