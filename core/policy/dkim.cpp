#include "core/policy/dkim.h"

#include <algorithm>
#include <map>
#include <set>

#include "core/policy/fields.h"
#include "core/protocol/sasl_encoding.h"
#include "core/tls/public_key.h"

namespace maildoctor::policy {
namespace {

using Weight = PolicyFault::Weight;

constexpr int shortest_rsa = 1024, good_rsa = 2048, longest_rsa = 4096;  // bits (RFC 8301 section 3.2)
constexpr std::size_t ed25519_size = 32;                                 // octets (RFC 8463 section 4)

/// Without blanks and line ends, which may stand inside base64 (RFC 6376 section 3.6.1).
std::string without_space(std::string_view text) {
    std::string tight;
    std::ranges::copy_if(text, std::back_inserter(tight),
                         [](char c) { return c != ' ' && c != '\t' && c != '\r' && c != '\n'; });
    return tight;
}

bool is_tag_name(std::string_view name) {
    return !name.empty() && is_alpha(name.front()) &&
           std::ranges::all_of(name, [](char c) { return is_alnum(c) || c == '_'; });
}

std::set<std::string> words_of(std::string_view value) {
    std::set<std::string> words;
    for (const std::string_view piece : split(value, ':'))
        words.insert(without_space(piece));
    return words;
}

class Reader {
public:
    explicit Reader(DkimFacts& facts) : facts_(facts) {}

    void read(std::string_view record) {
        std::vector<Field> fields = fields_of(record);
        if (fields.size() > 1 && fields.back().whole.empty()) fields.pop_back();
        for (std::size_t i = 0; i < fields.size(); ++i)
            take(fields[i], i);
        judge_tags();
        judge_key();
    }

    /// The record with what could be read, in the usual order.
    std::string better() const {
        const auto key = tags_.find("p");
        if (key == tags_.end() || facts_.key_bits == 0) return {};
        std::string text = "v=DKIM1; k=" + facts_.key_type;
        for (const std::string name : {"s", "t"}) {
            const auto tag = tags_.find(name);
            if (tag != tags_.end() && !tag->second.empty()) text += "; " + name + "=" + tag->second;
        }
        return text + "; p=" + without_space(key->second);
    }

private:
    void add(Weight weight, std::string kind, const std::string& text) {
        add_fault(facts_.record.faults, fault(weight, std::move(kind), text));
    }

    void take(const Field& field, std::size_t at) {
        const std::string whole(field.whole), name(without_space(field.name));
        if (whole.empty())
            return add(Weight::strict, "empty-field", "two semicolons with nothing in between");
        if (!field.has_value || !is_tag_name(name))
            return add(Weight::strict, "bad-field", "\"" + whole + "\" is no \"tag=value\"");
        if (!tags_.emplace(name, field.value).second)
            return add(Weight::discarded, "repeated-tag", "the tag " + name + " stands there more than once");
        if (name == "v" && at != 0) add(Weight::discarded, "late-version", "v= has to be the first tag");
    }

    std::string tag(const std::string& name, std::string otherwise) const {
        const auto found = tags_.find(name);
        return found == tags_.end() ? std::move(otherwise) : found->second;
    }

    void judge_tags() {
        if (tag("v", "DKIM1") != "DKIM1")
            add(Weight::discarded, "bad-version", "\"v=" + tag("v", "") + "\": the version is DKIM1");
        facts_.key_type = tag("k", "rsa");
        if (facts_.key_type != "rsa" && facts_.key_type != "ed25519")
            add(Weight::discarded, "unknown-key-type",
                "\"k=" + facts_.key_type + "\": keys are of the type rsa or ed25519");
        const std::set<std::string> hashes = words_of(tag("h", "sha256"));
        if (!hashes.contains("sha256"))
            add(Weight::discarded, "old-hash",
                "\"h=" + tag("h", "") + "\" allows no sha256, and signatures with sha1 no longer count");
        const std::set<std::string> services = words_of(tag("s", "*"));
        if (!services.contains("*") && !services.contains("email"))
            add(Weight::discarded, "not-for-mail",
                "\"s=" + tag("s", "") + "\" does not allow the key for e-mail");
        facts_.testing = words_of(tag("t", "")).contains("y");
        if (facts_.testing)
            add(Weight::weak, "testing",
                "t=y: the domain says that it only tests, so a bad signature counts as none");
        if (tags_.contains("g") && tag("g", "*") != "*")
            add(Weight::weak, "old-tag",
                "g= is of an older standard; old receivers then refuse addresses that it does not allow");
    }

    void judge_key() {
        const auto key = tags_.find("p");
        if (key == tags_.end()) return add(Weight::discarded, "no-key", "p=, the key, is missing");
        const std::string text = without_space(key->second);
        if (text.empty()) {
            facts_.revoked = true;
            return add(Weight::discarded, "revoked", "p= is empty: the key was withdrawn");
        }
        const auto octets = protocol::from_base64(text);
        if (!octets)
            return add(Weight::discarded, "bad-key",
                       "p= is not base64: it was cut off, or something slipped in");
        if (facts_.key_type == "ed25519") {
            facts_.key_bits = octets->size() == ed25519_size ? 256 : 0;
            if (facts_.key_bits == 0)
                add(Weight::discarded, "bad-key",
                    "an ed25519 key has 32 octets, this one has " + std::to_string(octets->size()));
            return;
        }
        if (facts_.key_type == "rsa") judge_rsa(*octets);
    }

    void judge_rsa(const std::string& octets) {
        const auto key = tls::read_public_key(octets);
        if (!key) return add(Weight::discarded, "bad-key", "p= holds no RSA key: it was cut off or mistyped");
        if (key->type != "rsa")
            return add(Weight::discarded, "bad-key", "p= holds a key of another kind than k=rsa says");
        facts_.key_bits = key->bits;
        const std::string bits = std::to_string(key->bits);
        if (key->bits < shortest_rsa) {
            add(Weight::discarded, "short-key",
                "the key has " + bits + " bits; below 1024, signatures do not count");
        } else if (key->bits < good_rsa) {
            add(Weight::weak, "short-key", "the key has " + bits + " bits; 2048 are usual");
        } else if (key->bits > longest_rsa) {
            add(Weight::weak, "long-key",
                "the key has " + bits + " bits; receivers need to read up to 4096 only");
        }
    }

    DkimFacts& facts_;
    std::map<std::string, std::string> tags_;
};

}  // namespace

DkimFacts read_dkim(const DnsFacts& answer, std::string selector, bool given) {
    // A record without v= is one, too, as long as it has a key (RFC 6376 section 3.6.1).
    std::vector<std::string> records;
    for (const std::string& text : answer.texts) {
        const std::vector<Field> fields = fields_of(text);
        const bool has_key =
            std::ranges::any_of(fields, [](const Field& f) { return f.has_value && f.name == "p"; });
        const bool says_so = fields.front().name == "v" && fields.front().value.starts_with("DKIM");
        const bool says_other = fields.front().name == "v" && !says_so;
        if ((has_key && !says_other) || says_so || (given && !says_other)) records.push_back(text);
    }
    DkimFacts facts{
        .record = select_records(answer, records), .selector = std::move(selector), .given = given};
    if (records.empty()) return facts;
    if (records.size() > 1)
        facts.record.faults.push_back(
            fault(Weight::discarded, "multiple",
                  "there is more than one key record, and which one counts is left open"));
    Reader reader(facts);
    reader.read(records.front());
    const bool malformed = std::ranges::any_of(facts.record.faults, [](const PolicyFault& f) {
        return f.weight == Weight::strict || f.kind == "late-version" || f.kind == "bad-version" ||
               f.kind == "multiple";
    });
    if (malformed) facts.record.better = reader.better();
    return facts;
}

}  // namespace maildoctor::policy
