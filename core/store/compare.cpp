#include "core/store/compare.h"

#include <utility>

#include "core/store/snapshot.h"

namespace maildoctor::store {
namespace {

using Change = Difference::Change;

}  // namespace

std::expected<Comparison, NotComparable> compare(std::string_view before, std::string_view after) {
    auto old = read_snapshot(before);
    if (!old) return std::unexpected(NotComparable{.second = false, .why = old.error()});
    auto now = read_snapshot(after);
    if (!now) return std::unexpected(NotComparable{.second = true, .why = now.error()});
    Comparison result{.before = std::move(old->run), .after = std::move(now->run)};
    // Both maps are in order: one walk over the two.
    auto left = old->statements.begin();
    auto right = now->statements.begin();
    const auto add = [&](const StatementKey& key, Change change, std::string was, std::string is) {
        result.differences.push_back({.section = std::string(word(key.section)),
                                      .what = key.what,
                                      .change = change,
                                      .before = std::move(was),
                                      .after = std::move(is)});
    };
    while (left != old->statements.end() || right != now->statements.end()) {
        if (right == now->statements.end() || (left != old->statements.end() && left->first < right->first)) {
            add(left->first, Change::gone, left->second, "");
            ++left;
        } else if (left == old->statements.end() || right->first < left->first) {
            add(right->first, Change::appeared, "", right->second);
            ++right;
        } else {
            if (left->second != right->second) add(left->first, Change::changed, left->second, right->second);
            ++left;
            ++right;
        }
    }
    return result;
}

std::expected<RunRecord, std::string> record_of(std::string_view document) {
    auto snapshot = read_snapshot(document);
    if (!snapshot) return std::unexpected(snapshot.error());
    snapshot->run.document = std::string(document);
    return std::move(snapshot->run);
}

}  // namespace maildoctor::store
