#include "core/probe/revocation.h"

#include <utility>

namespace maildoctor::probe {
namespace {

constexpr int http_ok = 200;
constexpr const char* ocsp_type = "application/ocsp-request";

std::string host_of(const std::string& url) {
    const auto parsed = http::parse_url(url);
    return parsed ? parsed->host.text() : std::string();
}

/// The body of a good answer, or why there is none.
Task<Result<std::string>> document(std::shared_ptr<const http::Transport> web, http::Query query,
                                   Deadline deadline) {
    const std::string host = host_of(query.url);
    http::Answer answer = co_await http::fetch(std::move(web), std::move(query), deadline);
    if (answer.response && answer.response->status == http_ok) co_return std::move(answer.response->body);
    std::string text = answer.response  ? "HTTP status " + std::to_string(answer.response->status)
                       : answer.failure ? answer.failure->text
                                        : "no answer";
    if (answer.refusal == http::Refusal::bad_url) text = "its address cannot be used";
    co_return failed(Stage::http, FailureKind::rejected, host + ": " + text);
}

}  // namespace

Task<RevocationAnswer> ask_revocation(ContextPtr context, std::shared_ptr<const http::Transport> web,
                                      std::string sha256) {
    RevocationAnswer out;
    const auto question = context->tls->revocation_question(sha256);
    if (!question) co_return out;
    const Deadline deadline = context->deadline.within(revocation_limit);
    const auto take = [&](Revocation status, const char* source, const std::string& url) {
        if (status == Revocation::unknown) {
            out.because = host_of(url) + ": the answer cannot be used";
            return false;
        }
        out.status = status;
        out.source = source;
        out.because.clear();
        return true;
    };
    if (!question->ocsp_url.empty() && !question->ocsp_request.empty()) {
        out.asked.push_back(host_of(question->ocsp_url));
        const auto body = co_await document(
            web, {.url = question->ocsp_url, .body = question->ocsp_request, .content_type = ocsp_type},
            deadline);
        if (!body) out.because = body.error().text;
        if (body && take(context->tls->read_ocsp(sha256, *body), "ocsp", question->ocsp_url)) co_return out;
    }
    if (!question->crl_url.empty()) {
        out.asked.push_back(host_of(question->crl_url));
        const auto body = co_await document(web, {.url = question->crl_url}, deadline);
        if (!body) out.because = body.error().text;
        if (body && take(context->tls->read_crl(sha256, *body), "crl", question->crl_url)) co_return out;
    }
    if (!out.because.empty()) out.status = Revocation::unknown;
    co_return out;
}

}  // namespace maildoctor::probe
