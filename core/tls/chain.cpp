#include "core/tls/chain.h"

#include <openssl/err.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <ctime>

#include "core/tls/certificate.h"
#include "core/tls/lean_library.h"

namespace maildoctor::tls {
namespace {

constexpr std::size_t max_presented = 100;  // certificates of a chain whose facts are kept
// Verdicts take some 300 octets each, facts some 2,000; what is forgotten is read or verified once more.
constexpr std::size_t max_verdicts = 10000, max_facts = 3000, max_links = 500;
constexpr const char* purpose = "ssl_server";
constexpr int max_depth = 20;
constexpr int strong_level = 2;  // 112 bits: RSA 2048, SHA-224 and better (SSL_CTX_set_security_level(3))

/// The errors of one verification; handed to the callback through the context's application data.
thread_local std::vector<VerifyError>* collecting = nullptr;

int collect(int ok, X509_STORE_CTX* context) {
    if (ok == 0 && collecting != nullptr) {
        const VerifyError error{.code = X509_STORE_CTX_get_error(context),
                                .depth = X509_STORE_CTX_get_error_depth(context),
                                .text = X509_verify_cert_error_string(X509_STORE_CTX_get_error(context))};
        const bool known = std::ranges::any_of(*collecting, [&](const VerifyError& e) {
            return e.code == error.code && e.depth == error.depth;
        });
        if (!known && collecting->size() < 50) collecting->push_back(error);
    }
    return 1;  // go on: the next fault may matter more
}

std::vector<VerifyError> run_verification(X509_STORE* store, STACK_OF(X509) * chain, STACK_OF(X509) * links) {
    std::vector<VerifyError> errors;
    const StoreCtxPtr context(X509_STORE_CTX_new_ex(lean_library(), nullptr));
    if (!context || X509_STORE_CTX_init(context.get(), store, sk_X509_value(chain, 0), links) != 1)
        throw std::bad_alloc();
    X509_STORE_CTX_set_default(context.get(), purpose);
    X509_VERIFY_PARAM* param = X509_STORE_CTX_get0_param(context.get());
    X509_VERIFY_PARAM_set_auth_level(param, strong_level);
    X509_VERIFY_PARAM_set_depth(param, max_depth);
    X509_STORE_CTX_set_verify_cb(context.get(), collect);
    collecting = &errors;
    const int verdict = X509_verify_cert(context.get());
    collecting = nullptr;
    if (verdict <= 0 && errors.empty())
        errors.push_back({.code = X509_STORE_CTX_get_error(context.get()),
                          .text = X509_verify_cert_error_string(X509_STORE_CTX_get_error(context.get()))});
    ERR_clear_error();
    return errors;
}

/// Nothing for the errors about an unknown issuer, which need a closer look.
std::optional<ChainFault> fault_of(int code) {
    switch (code) {
        case X509_V_ERR_CERT_HAS_EXPIRED:
        case X509_V_ERR_ERROR_IN_CERT_NOT_AFTER_FIELD:
            return ChainFault::expired;
        case X509_V_ERR_CERT_NOT_YET_VALID:
        case X509_V_ERR_ERROR_IN_CERT_NOT_BEFORE_FIELD:
            return ChainFault::not_yet_valid;
        case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
            return ChainFault::self_signed;
        case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
        case X509_V_ERR_CERT_UNTRUSTED:
        case X509_V_ERR_CERT_REJECTED:
            return ChainFault::untrusted_issuer;
        case X509_V_ERR_CERT_REVOKED:
            return ChainFault::revoked;
        case X509_V_ERR_EE_KEY_TOO_SMALL:
        case X509_V_ERR_CA_KEY_TOO_SMALL:
            return ChainFault::weak_key;
        case X509_V_ERR_CA_MD_TOO_WEAK:
            return ChainFault::weak_signature;
        case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
        case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
        case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
            return std::nullopt;
        default:
            return ChainFault::other;
    }
}

void add(std::vector<ChainFault>& faults, ChainFault fault) {
    if (std::ranges::find(faults, fault) == faults.end()) faults.push_back(fault);
}

bool mentions(std::string text, std::string_view word) {
    std::ranges::transform(text, text.begin(),
                           [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return text.find(word) != std::string::npos;
}

/// The authority key identifier may name the issuer's own issuer: the same name means that the issuer is a
/// root.
std::optional<bool> issuer_is_root(X509* certificate) {
    const GENERAL_NAMES* names = X509_get0_authority_issuer(certificate);
    for (int i = 0; names != nullptr && i < sk_GENERAL_NAME_num(names); ++i) {
        const GENERAL_NAME* name = sk_GENERAL_NAME_value(names, i);
        if (name->type == GEN_DIRNAME)
            return X509_NAME_cmp(name->d.directoryName, X509_get_issuer_name(certificate)) == 0;
    }
    return std::nullopt;
}

}  // namespace

PresentedChain ChainVerifier::judge(STACK_OF(X509) * chain) {
    PresentedChain presented;
    std::string key;
    for (int i = 0; i < sk_X509_num(chain); ++i) {
        X509* certificate = sk_X509_value(chain, i);
        const std::string print = fingerprint(certificate);
        key += print;
        if (presented.certificates.size() < max_presented)
            presented.certificates.push_back(facts_of(certificate, print));
    }
    if (life_.count() > 0) presented.verdict = remembered(key);
    if (presented.verdict) return presented;
    ++verifications_;
    presented.verdict = std::make_shared<const ChainVerdict>(verify(chain));
    if (life_.count() > 0) {
        const Remembered entry{.verdict = presented.verdict,
                               .verify_again = good_until(presented.certificates)};
        const std::lock_guard<std::mutex> lock(guard_);
        if (verdicts_.size() >= max_verdicts) verdicts_.clear();
        verdicts_.insert_or_assign(std::move(key), entry);
    }
    return presented;
}

ChainVerifier::FactsPtr ChainVerifier::facts_of(X509* certificate, const std::string& print) {
    {
        const std::lock_guard<std::mutex> lock(guard_);
        if (const auto known = facts_.find(print); known != facts_.end()) return known->second;
    }
    auto facts = std::make_shared<const CertificateFacts>(certificate_facts(certificate));
    const std::lock_guard<std::mutex> lock(guard_);
    if (facts_.size() >= max_facts) facts_.clear();
    facts_.emplace(print, facts);
    return facts;
}

ChainVerifier::VerdictPtr ChainVerifier::remembered(const std::string& key) {
    const std::lock_guard<std::mutex> lock(guard_);
    const auto known = verdicts_.find(key);
    if (known == verdicts_.end() || Clock::now() >= known->second.verify_again) return nullptr;
    return known->second.verdict;
}

Clock::time_point ChainVerifier::good_until(const std::vector<FactsPtr>& certificates) const {
    const std::int64_t now = std::time(nullptr);
    auto life = std::chrono::duration_cast<Clock::duration>(life_);
    for (const FactsPtr& certificate : certificates)
        for (const std::int64_t turn : {certificate->not_before, certificate->not_after})
            if (turn >= now)
                life = std::min(life, std::chrono::duration_cast<Clock::duration>(
                                          std::chrono::seconds(std::min<std::int64_t>(turn - now, 86400))));
    return Clock::now() + life;
}

ChainVerdict ChainVerifier::verify(STACK_OF(X509) * chain) {
    ChainVerdict verdict;
    for (int i = 0; i + 1 < sk_X509_num(chain); ++i)
        if (X509_check_issued(sk_X509_value(chain, i + 1), sk_X509_value(chain, i)) != X509_V_OK)
            verdict.in_order = false;
    verdict.errors = run_verification(trust_->get(), chain, chain);
    bool unknown_issuer = false;
    for (const VerifyError& error : verdict.errors) {
        if (const auto fault = fault_of(error.code)) {
            add(verdict.faults, *fault);
        } else {
            unknown_issuer = true;
        }
    }
    if (unknown_issuer) add(verdict.faults, judge_unknown_issuer(chain));
    if (verdict.errors.empty()) remember_links(chain);
    // A chain that ends in an own self-signed leaf has no other issuer to speak of.
    if (std::ranges::find(verdict.faults, ChainFault::self_signed) != verdict.faults.end())
        std::erase_if(verdict.faults, [](ChainFault f) {
            return f == ChainFault::untrusted_issuer || f == ChainFault::incomplete_chain;
        });
    std::ranges::sort(verdict.faults);
    return verdict;
}

ChainFault ChainVerifier::judge_unknown_issuer(STACK_OF(X509) * chain) {
    if (verifies_with_known_links(chain)) return ChainFault::incomplete_chain;
    // The last certificate that the leaf is connected to through the presented ones.
    X509* last = sk_X509_value(chain, 0);
    for (int hops = 0; hops < sk_X509_num(chain); ++hops) {
        X509* issuer = nullptr;
        for (int i = 0; i < sk_X509_num(chain) && issuer == nullptr; ++i) {
            X509* candidate = sk_X509_value(chain, i);
            if (candidate != last && X509_check_issued(candidate, last) == X509_V_OK) issuer = candidate;
        }
        if (issuer == nullptr) break;
        last = issuer;
    }
    const CertificateFacts facts = certificate_facts(last);
    if (const auto root = issuer_is_root(last))
        return *root ? ChainFault::untrusted_issuer : ChainFault::incomplete_chain;
    if (X509_check_ca(last) > 0)
        return ChainFault::untrusted_issuer;  // a whole chain was sent: its authority is not known here
    if (mentions(facts.issuer, "root")) return ChainFault::untrusted_issuer;
    if (trust_->knows_organisation_of(X509_get_issuer_name(last))) return ChainFault::incomplete_chain;
    if (!facts.ca_issuers_url.empty()) return ChainFault::incomplete_chain;
    static constexpr std::array<std::string_view, 7> link_words = {
        "intermediate", "issuing", "sub ca", "subca", "server ca", "tls ca", "secure server"};
    const bool link =
        std::ranges::any_of(link_words, [&](std::string_view word) { return mentions(facts.issuer, word); });
    return link ? ChainFault::incomplete_chain : ChainFault::untrusted_issuer;
}

bool ChainVerifier::verifies_with_known_links(STACK_OF(X509) * chain) {
    const Owned<STACK_OF(X509), [](STACK_OF(X509) * s) { sk_X509_pop_free(s, X509_free); }> all(
        X509_chain_up_ref(chain));
    {
        const std::lock_guard<std::mutex> lock(guard_);
        if (links_.empty()) return false;
        for (const auto& [name, link] : links_)
            if (X509_up_ref(link.get()) == 1 && sk_X509_push(all.get(), link.get()) == 0)
                X509_free(link.get());
    }
    const auto errors = run_verification(trust_->get(), chain, all.get());
    return std::ranges::none_of(errors, [](const VerifyError& e) {
        return !fault_of(e.code) || fault_of(e.code) == ChainFault::untrusted_issuer;
    });
}

void ChainVerifier::remember_links(STACK_OF(X509) * chain) {
    const std::lock_guard<std::mutex> lock(guard_);
    for (int i = 1; i < sk_X509_num(chain) && links_.size() < max_links; ++i) {
        X509* link = sk_X509_value(chain, i);
        if (X509_check_ca(link) <= 0) continue;
        const auto [place, fresh] = links_.try_emplace(fingerprint(link));
        if (fresh) {
            X509_up_ref(link);
            place->second.reset(link);
        }
    }
}

}  // namespace maildoctor::tls
