// Certificates made in memory, and a TLS server that lives on the other end of a Stream: no socket, no
// waiting.
#pragma once

#include <openssl/ssl.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/model/ip_address.h"
#include "core/net/stream.h"

namespace maildoctor::testing {

using Certificate = std::shared_ptr<X509>;
using Key = std::shared_ptr<EVP_PKEY>;

struct Identity {
    Certificate certificate;
    Key key;
};

struct Wish {
    std::string name;                ///< common name
    std::vector<std::string> dns{};  ///< subjectAltName
    bool ca{false};
    int rsa_bits{0};                  ///< 0: P-256
    long from_days{-1}, to_days{90};  ///< validity around now
    const EVP_MD* digest{nullptr};    ///< nullptr: SHA-256
};

/// A certificate signed by `issuer`, or by itself where there is none.
Identity make_identity(const Wish& wish, const Identity* issuer = nullptr);

/// Writes certificates as PEM. @return the path
std::string write_pem(const std::string& name, const std::vector<Certificate>& certificates);

struct ServerConfig {
    Identity leaf{};
    std::vector<Certificate> chain{};  ///< what is sent beside the leaf
    int min_version{TLS1_VERSION}, max_version{TLS1_3_VERSION};
    std::string ciphers{};       ///< up to TLS 1.2
    std::string plain_answer{};  ///< not TLS at all: this text answers whatever comes
};

/// The client's end of a connection to such a server.
net::StreamPtr connect_to(const ServerConfig& config);

}  // namespace maildoctor::testing
