#include "core/plan/typo.h"

#include <algorithm>
#include <array>
#include <string>
#include <tuple>

#include "core/names/typos.h"

namespace maildoctor::plan {
namespace {

struct Ranked {
    HostName name;
    std::size_t distance;
    std::size_t place{0};  ///< in which order the names came: keeps equal distances in that order
};

/// Other first labels for the same rest: imap.example.org for imao.example.org.
void add_prefixes(const HostName& typed, std::vector<Ranked>& names) {
    const auto rest = typed.parent();
    if (!rest) return;
    for (const char* label :
         {"mail", "imap", "smtp", "pop", "pop3", "mx", "webmail", "email", "mailin", "mailout"}) {
        if (const auto name = HostName::from(std::string(label) + "." + rest->text()))
            names.push_back({*name, names::edit_distance(typed.text(), name->text())});
    }
}

/// Two neighbouring labels run together or a dot too many: mailexample.org, mail..example.org is refused
/// before.
void add_missing_dot(const HostName& typed, std::vector<Ranked>& names) {
    for (const char* label : {"mail", "imap", "smtp", "pop3", "pop"}) {
        const std::string_view prefix(label);
        if (typed.text().starts_with(prefix) && typed.text().size() > prefix.size() + 3 &&
            typed.text()[prefix.size()] != '.') {
            if (const auto name =
                    HostName::from(std::string(prefix) + "." + typed.text().substr(prefix.size())))
                names.push_back({*name, 1});
        }
    }
}

}  // namespace

std::vector<HostName> near_names(const HostName& typed, const std::vector<HostName>& known) {
    constexpr std::size_t near = 3;
    std::vector<Ranked> names;
    for (const HostName& name : known) {
        const std::size_t distance = names::edit_distance(typed.text(), name.text());
        // The same first label elsewhere (imap.exmaple.com → imap.example.org) is as good as a small edit.
        if (distance > 0 && distance <= near) names.push_back({name, distance});
    }
    add_missing_dot(typed, names);
    add_prefixes(typed, names);
    for (const HostName& name : known) {
        if (names::edit_distance(typed.text(), name.text()) > near) names.push_back({name, near + 10});
    }
    for (std::size_t i = 0; i < names.size(); ++i)
        names[i].place = i;
    std::ranges::sort(names, [](const Ranked& a, const Ranked& b) {
        return std::tie(a.distance, a.place) < std::tie(b.distance, b.place);
    });
    std::vector<HostName> out;
    for (const Ranked& ranked : names) {
        if (ranked.name == typed || std::ranges::find(out, ranked.name) != out.end()) continue;
        out.push_back(ranked.name);
        if (out.size() == max_typo_lookups) break;
    }
    return out;
}

}  // namespace maildoctor::plan
