// Evidence in one line each: what was seen, in words and figures.
#pragma once

#include <string>

#include "core/model/report.h"

namespace maildoctor::diagnose {

Evidence dns_evidence(const Observation& seen);
Evidence connect_evidence(const Observation& seen);
Evidence attempt_evidence(const Observation& seen, const ConnectAttempt& attempt);
Evidence certificate_evidence(const Observation& seen);
Evidence tls_evidence(const Observation& seen);
Evidence reply_evidence(const Observation& seen, const std::string& words);

/// "imap.example.org port 993"
std::string place(const Subject& subject);
/// The same for remarks: "imap.example.org Port 993" where the reader reads German.
std::string place(const Subject& subject, bool german);
/// The names of a certificate as people read them: "mail.example.org, *.example.org and 3 more".
std::string names_of(const CertificateFacts& certificate);
/// "2026-11-21"
std::string date_of(std::int64_t seconds);

}  // namespace maildoctor::diagnose
