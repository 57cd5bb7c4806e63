#include "core/policy/web_file.h"

#include "core/policy/fields.h"

namespace maildoctor::policy {
namespace {

using Weight = PolicyFault::Weight;

std::string certificate_text(const TlsFacts& tls) {
    std::string names;
    if (!tls.chain.empty()) {
        for (const std::string& name : tls.chain.front().dns_names)
            names += (names.empty() ? "" : ", ") + name;
    }
    std::string text = "the certificate of the web server is not good for this name";
    if (!tls.verify_errors.empty()) text += " (" + tls.verify_errors.front().text + ")";
    return names.empty() ? text : text + "; it is for " + names;
}

void absent(PolicyRecord& file, std::string kind, const std::string& text) {
    file.state = PolicyRecord::State::absent;
    file.faults.push_back(fault(Weight::discarded, std::move(kind), text));
}

void judge_missing(const http::Answer& got, PolicyRecord& file) {
    const Failure& failure = *got.failure;
    const std::string text = failure.text.empty() ? std::string(word(failure.kind)) : failure.text;
    switch (got.refusal) {
        case http::Refusal::bad_certificate:
            return absent(file, "bad-certificate",
                          got.tls ? certificate_text(*got.tls) : "the certificate is not good");
        case http::Refusal::leaves_https:
            return absent(file, "left-https", text);
        case http::Refusal::too_many_redirects:
        case http::Refusal::redirect:
            return absent(file, "redirect", text);
        default:
            break;
    }
    if (failure.stage == Stage::dns_lookup && (text == "nxdomain" || text == "no-address"))
        return absent(file, "no-host", "the web server's name does not exist or has no address");
    switch (failure.kind) {
        case FailureKind::refused:
            return absent(file, "unreachable", "the web server refuses connections on port 443");
        case FailureKind::tls_alert:
        case FailureKind::tls_error:
        case FailureKind::bad_syntax:
        case FailureKind::peer_closed:
        case FailureKind::reset:
            return absent(file, "unreachable", "the web server does not answer over HTTPS: " + text);
        case FailureKind::too_large:
            return absent(file, "too-large", "the answer is far too large, so readers stop reading it");
        default:
            file.state = PolicyRecord::State::unknown;
            file.because = "the file could not be asked for: " + text;
    }
}

}  // namespace

bool file_came(const http::Answer& got, PolicyRecord& file) {
    if (!got.response) {
        judge_missing(got, file);
        return false;
    }
    const int status = got.response->status;
    if (status == 200) {
        file.state = PolicyRecord::State::found;
        return true;
    }
    const bool redirect = status >= 300 && status < 400;
    absent(file, redirect ? "redirect" : "http-status",
           "the web server answers with HTTP " + std::to_string(status) +
               (redirect ? ": this redirect is not followed" : " in place of the file"));
    return false;
}

}  // namespace maildoctor::policy
