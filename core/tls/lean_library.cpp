#include "core/tls/lean_library.h"

#include <openssl/core.h>
#include <openssl/core_dispatch.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/provider.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <vector>

namespace maildoctor::tls {
namespace {

/// OpenSSL's default provider in a context of its own, and what of its decoders is passed on. The provider's
/// functions get nothing from us to find this by, so there is one a process.
struct Behind {
    OSSL_LIB_CTX* context{};
    OSSL_PROVIDER* provider{};
    std::vector<OSSL_ALGORITHM> decoders{}, key_types{};  // each with the empty one that ends it
};
Behind behind;  // NOLINT(cppcoreguidelines-avoid-non-const-global-variables): set once by make()

/// The first of an algorithm's names: "X25519:1.3.101.110" has two.
std::string_view first_name(const OSSL_ALGORITHM& algorithm) {
    const std::string_view names = algorithm.algorithm_names;
    return names.substr(0, names.find(':'));
}

/// No server proves itself with a key that cannot sign.
bool reads_certificate_keys(const OSSL_ALGORITHM& decoder) {
    static constexpr std::array<std::string_view, 4> cannot_sign = {"DH", "DHX", "X25519", "X448"};
    const std::string_view properties = decoder.property_definition;
    return properties.find("input=der") != std::string_view::npos &&
           properties.find("structure=SubjectPublicKeyInfo") != std::string_view::npos &&
           std::ranges::find(cannot_sign, first_name(decoder)) == cannot_sign.end();
}

/// What derives keys or authenticates messages has a key type only for an old interface that TLS does not
/// use.
bool is_key_type_of_tls(const OSSL_ALGORITHM& type) {
    static constexpr std::array<std::string_view, 6> others = {"TLS1-PRF", "HKDF",     "id-scrypt",
                                                               "SIPHASH",  "POLY1305", "CMAC"};
    return std::ranges::find(others, first_name(type)) == others.end();
}

/// Those of the default provider's algorithms for which `wanted` holds.
template <class Wanted>
std::vector<OSSL_ALGORITHM> some_of(int operation, Wanted wanted) {
    std::vector<OSSL_ALGORITHM> some;
    int no_cache = 0;
    const OSSL_ALGORITHM* all = OSSL_PROVIDER_query_operation(behind.provider, operation, &no_cache);
    for (; all != nullptr && all->algorithm_names != nullptr; ++all)
        if (wanted(*all)) some.push_back(*all);
    if (!some.empty()) some.push_back({});
    return some;
}

const OSSL_ALGORITHM* query(void* /*provider*/, int operation, int* no_cache) {
    switch (operation) {
        case OSSL_OP_DECODER:
            *no_cache = 0;
            return behind.decoders.data();
        case OSSL_OP_KEYMGMT:
            *no_cache = 0;
            return behind.key_types.data();
        case OSSL_OP_ENCODER:
        case OSSL_OP_STORE:
            *no_cache = 0;
            return nullptr;
        default:
            return OSSL_PROVIDER_query_operation(behind.provider, operation, no_cache);
    }
}

void unquery(void* /*provider*/, int operation, const OSSL_ALGORITHM* algorithms) {
    if (operation != OSSL_OP_DECODER && operation != OSSL_OP_KEYMGMT && operation != OSSL_OP_ENCODER &&
        operation != OSSL_OP_STORE)
        OSSL_PROVIDER_unquery_operation(behind.provider, operation, algorithms);
}

/// The groups that TLS may use.
int capabilities(void* /*provider*/, const char* capability, OSSL_CALLBACK* callback, void* argument) {
    return OSSL_PROVIDER_get_capabilities(behind.provider, capability, callback, argument);
}

const OSSL_DISPATCH functions[] = {
    {OSSL_FUNC_PROVIDER_QUERY_OPERATION, reinterpret_cast<void (*)()>(query)},
    {OSSL_FUNC_PROVIDER_UNQUERY_OPERATION, reinterpret_cast<void (*)()>(unquery)},
    {OSSL_FUNC_PROVIDER_GET_CAPABILITIES, reinterpret_cast<void (*)()>(capabilities)},
    {0, nullptr}};

/// The algorithms are the default provider's own functions, and get its own state.
int begin(const OSSL_CORE_HANDLE* /*handle*/, const OSSL_DISPATCH* /*core*/, const OSSL_DISPATCH** out,
          void** state) {
    *out = functions;
    *state = OSSL_PROVIDER_get0_provider_ctx(behind.provider);
    return 1;
}

OSSL_LIB_CTX* make() {
    if (EVP_default_properties_is_fips_enabled(nullptr) == 1) return nullptr;
    behind.context = OSSL_LIB_CTX_new();
    if (behind.context != nullptr) behind.provider = OSSL_PROVIDER_load(behind.context, "default");
    OSSL_LIB_CTX* const lean = behind.provider == nullptr ? nullptr : OSSL_LIB_CTX_new();
    if (lean == nullptr) return nullptr;
    behind.decoders = some_of(OSSL_OP_DECODER, reads_certificate_keys);
    behind.key_types = some_of(OSSL_OP_KEYMGMT, is_key_type_of_tls);
    if (!behind.decoders.empty() && !behind.key_types.empty() &&
        OSSL_PROVIDER_add_builtin(lean, "lean", begin) == 1 && OSSL_PROVIDER_load(lean, "lean") != nullptr)
        return lean;
    OSSL_LIB_CTX_free(lean);
    return nullptr;
}

}  // namespace

OSSL_LIB_CTX* lean_library() {
    static OSSL_LIB_CTX* const library = [] {
        OSSL_LIB_CTX* const made = make();
        ERR_clear_error();
        return made;
    }();
    return library;
}

}  // namespace maildoctor::tls
