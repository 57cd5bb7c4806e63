#include "core/policy/bimi_files.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <optional>

#include "core/model/text.h"
#include "core/policy/fields.h"
#include "core/tls/mark_certificate.h"
#include "core/xml/xml.h"

namespace maildoctor::policy {
namespace {

using Weight = PolicyFault::Weight;

constexpr std::size_t usual_size = 32 * 1024;  // octets that a picture should not exceed
constexpr std::size_t longest_title = 64;      // characters
constexpr std::int64_t day = 86400, soon = 14 * day;

/// Elements of SVG Tiny 1.2 that the profile leaves out: they run, move, link or load.
constexpr std::array<std::string_view, 17> forbidden = {
    "script",   "handler", "listener",     "image",         "foreignObject",
    "a",        "animate", "animateColor", "animateMotion", "animateTransform",
    "set",      "discard", "animation",    "audio",         "video",
    "prefetch", "tbreak"};

std::string date_text(std::int64_t seconds) {
    const std::chrono::sys_seconds when{std::chrono::seconds(seconds)};
    const std::chrono::year_month_day date{std::chrono::floor<std::chrono::days>(when)};
    return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()),
                       static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
}

/// Reads one SVG document.
class PictureReader {
public:
    explicit PictureReader(PolicyRecord& file) : file_(file) {}

    void read(std::string_view bytes) {
        const auto root = xml::parse_xml(bytes);
        if (!root)
            return bad("not-svg",
                       fmt::format("it is no SVG: {}{}", line_text(root.error().line), root.error().text));
        if (root->name != "svg")
            return bad("not-svg", "it begins with <" + shown(root->name) + ">, not with <svg>");
        read_root(*root);
        walk(*root);
    }

private:
    static std::string line_text(std::size_t line) { return line == 0 ? "" : fmt::format("line {}: ", line); }
    void bad(std::string kind, const std::string& text) { add(Weight::discarded, std::move(kind), text); }
    void add(Weight weight, std::string kind, const std::string& text) {
        add_fault(file_.faults, fault(weight, std::move(kind), text));
    }

    void read_root(const xml::Element& svg) {
        const std::string* const version = svg.attribute("version");
        const std::string* const profile = svg.attribute("baseProfile");
        if (profile == nullptr || *profile != "tiny-ps")
            bad("wrong-profile",
                "<svg> has to say baseProfile=\"tiny-ps\"" +
                    (profile == nullptr ? std::string() : ", not \"" + shown(*profile) + "\""));
        if (version == nullptr || *version != "1.2") bad("wrong-profile", "<svg> has to say version=\"1.2\"");
        if (svg.attribute("x") != nullptr || svg.attribute("y") != nullptr)
            bad("wrong-profile", "<svg> must have neither x= nor y=");
        const xml::Element* const title = svg.child("title");
        if (title == nullptr || trimmed(title->text).empty()) {
            bad("no-title", "there is no <title> directly inside <svg>");
        } else if (trimmed(title->text).size() > longest_title) {
            add(Weight::note, "long-title", "<title> should not exceed 64 characters");
        }
        judge_shape(svg);
    }

    static std::optional<double> length_of(const std::string* text) {
        if (text == nullptr) return std::nullopt;
        double value = 0;
        const auto end = std::from_chars(text->data(), text->data() + text->size(), value);
        return end.ec == std::errc() ? std::optional(value) : std::nullopt;
    }

    void judge_shape(const xml::Element& svg) {
        auto width = length_of(svg.attribute("width")), height = length_of(svg.attribute("height"));
        if (const std::string* const box = svg.attribute("viewBox")) {
            std::array<double, 4> numbers{};
            std::size_t count = 0;
            const char* at = box->data();
            const char* const end = at + box->size();
            while (at != end && count < numbers.size()) {
                if (*at == ' ' || *at == ',' || *at == '\t' || *at == '\n') {
                    ++at;
                    continue;
                }
                const auto got = std::from_chars(at, end, numbers[count]);
                if (got.ec != std::errc()) break;
                at = got.ptr;
                ++count;
            }
            if (count == numbers.size()) {
                width = numbers[2];
                height = numbers[3];
            }
        }
        if (!width || !height) {
            add(Weight::weak, "not-square", "neither viewBox= nor width= and height= say that it is square");
        } else if (*width != *height) {
            add(Weight::weak, "not-square",
                fmt::format("it is {:g} by {:g}: logos are shown in a square or a circle", *width, *height));
        }
    }

    void walk(const xml::Element& element) {
        if (std::ranges::find(forbidden, element.name) != forbidden.end())
            bad("forbidden-element",
                fmt::format("line {}: <{}> is not allowed", element.line, shown(element.name)));
        for (const auto& [name, value] : element.attributes)
            judge_attribute(element, name, value);
        for (const xml::Element& child : element.children)
            walk(child);
    }

    void judge_attribute(const xml::Element& element, std::string_view name, std::string_view value) {
        const std::string_view local = name.substr(name.find(':') + 1);
        if (local.starts_with("on") && local.size() > 2)
            return bad("script", fmt::format("line {}: {}= would run a script", element.line, shown(name)));
        const bool reference = local == "href" && !trimmed(value).starts_with('#');
        const std::size_t url = value.find("url(");
        const bool paint = url != std::string_view::npos &&
                           value.substr(url + 4).find_first_not_of(" '\"") != std::string_view::npos &&
                           value[url + 4 + value.substr(url + 4).find_first_not_of(" '\"")] != '#';
        if (reference || paint)
            bad("external-reference",
                fmt::format("line {}: \"{}\" leads out of the file", element.line, cleaned(value, 100)));
    }

    PolicyRecord& file_;
};

std::string joined(const std::vector<std::string>& texts) {
    std::string out;
    for (const std::string& text : texts)
        out += (out.empty() ? "" : ", ") + text;
    return out;
}

}  // namespace

void read_bimi_picture(std::string_view bytes, std::string_view content_type, PolicyRecord& file) {
    file.state = PolicyRecord::State::found;
    const std::string_view type = content_type.substr(0, content_type.find(';'));
    file.found = {fmt::format("{}, {} octets", type.empty() ? "no content type" : shown(type), bytes.size())};
    if (upper_case(without_wsp(type)) != "IMAGE/SVG+XML")
        file.faults.push_back(
            fault(Weight::weak, "content-type",
                  "it comes as \"" + shown(content_type) + "\"; it should come as image/svg+xml"));
    if (bytes.size() > usual_size)
        file.faults.push_back(
            fault(Weight::weak, "large-picture", "it is larger than 32 KiB; not everybody shows it then"));
    if (bytes.starts_with("\x1f\x8b")) {
        file.faults.push_back(
            fault(Weight::note, "compressed", "it is compressed (gzip), and was not looked into"));
        return;
    }
    PictureReader(file).read(bytes);
}

void read_bimi_certificate(std::string_view pem, const std::vector<std::string>& names, std::int64_t now,
                           BimiFacts& facts) {
    PolicyRecord& file = facts.certificate;
    file.state = PolicyRecord::State::found;
    const auto add = [&](Weight weight, std::string kind, const std::string& text) {
        file.faults.push_back(fault(weight, std::move(kind), text));
    };
    const auto mark = tls::read_mark_certificate(pem);
    if (!mark) return add(Weight::discarded, "not-pem", "the file holds no certificate in PEM form");
    facts.mark_type = shown(mark->mark_type);
    facts.certificate_ends = mark->leaf.not_after;
    for (const std::string& name : mark->leaf.dns_names)
        facts.certificate_names.push_back(shown(name));
    file.found = {fmt::format("for {}, issued by {}, until {} (the issuer was not verified)",
                              joined(facts.certificate_names), shown(mark->leaf.issuer),
                              date_text(mark->leaf.not_after))};
    if (!mark->for_logos)
        add(Weight::discarded, "wrong-purpose",
            "it is not made for logos: the extended key usage 1.3.6.1.5.5.7.3.31 is missing");
    if (!mark->has_logo)
        add(Weight::discarded, "no-logo", "it holds no logo: the logotype extension (RFC 9399) is missing");
    const bool for_us = std::ranges::any_of(facts.certificate_names, [&](const std::string& name) {
        return std::ranges::any_of(names, [&](const std::string& own) { return same_word(own, name); });
    });
    if (!for_us)
        add(Weight::discarded, "wrong-name",
            "it is not for this domain, but for " + joined(facts.certificate_names));
    if (mark->leaf.not_after < now) {
        add(Weight::discarded, "expired", "it ended on " + date_text(mark->leaf.not_after));
    } else if (mark->leaf.not_before > now) {
        add(Weight::discarded, "not-yet-valid", "it begins on " + date_text(mark->leaf.not_before));
    } else if (mark->leaf.not_after < now + soon) {
        add(Weight::weak, "ends-soon", "it ends on " + date_text(mark->leaf.not_after));
    }
    if (mark->certificates == 1 && !mark->leaf.self_signed) {
        add(Weight::weak, "incomplete-chain", "the certificate of its issuer does not follow it in the file");
    } else if (!mark->chained) {
        add(Weight::discarded, "incomplete-chain",
            "the certificates in the file are not signed one by the next");
    }
}

}  // namespace maildoctor::policy
