// What the names of the signed test tree (real/dns_lab.py) amount to, for real servers and for recorded
// answers.
#pragma once

#include <vector>

#include "core/model/facts.h"

namespace maildoctor::test {

struct Case {
    const char* name;
    RecordType type;
    Dnssec dnssec;
    const char* link;  ///< the broken link of a bogus answer
};

inline std::vector<Case> good_cases() {
    using enum RecordType;
    using enum Dnssec;
    return {
        {"mail.secure.test", a, secure, ""},
        {"mail.secure.test", aaaa, secure, ""},
        {"secure.test", mx, secure, ""},
        {"_25._tcp.mail.secure.test", tlsa, secure, ""},
        {"secure.test", ns, secure, ""},
        {"secure.test", soa, secure, ""},
        {"mail.rsa.test", a, secure, ""},
        {"mail.ed25519.test", a, secure, ""},
        {"mail.ed448.test", a, secure, ""},
        {"mail.nsec3.test", a, secure, ""},
        {"mail.costly.test", a, secure, ""},
        {"mail.sub.secure.test", a, secure, ""},
        // absence, by NSEC and NSEC3
        {"absent.secure.test", a, secure, ""},
        {"very.much.absent.secure.test", a, secure, ""},
        {"mail.secure.test", mx, secure, ""},
        {"inner.secure.test", a, secure, ""},
        {"absent.nsec3.test", a, secure, ""},
        {"very.much.absent.nsec3.test", a, secure, ""},
        {"mail.nsec3.test", mx, secure, ""},
        {"inner.nsec3.test", a, secure, ""},
        {"absent.test", a, secure, ""},
        {"absent.costly.test", a, insecure, ""},
        {"absent.optout.test", a, insecure, ""},
        // wildcards
        {"x.wild.secure.test", a, secure, ""},
        {"y.x.wild.secure.test", txt, secure, ""},
        {"x.wild.secure.test", mx, secure, ""},
        {"x.wild.nsec3.test", a, secure, ""},
        {"y.x.wild.nsec3.test", txt, secure, ""},
        {"x.wild.nsec3.test", mx, secure, ""},
        {"x.wild.optout.test", mx, insecure, ""},
        {"x.wild.costly.test", a, insecure, ""},
        {"*.wild.secure.test", a, secure, ""},
        // aliases
        {"alias.secure.test", a, secure, ""},
        {"to-secure.secure.test", a, secure, ""},
        {"to-insecure.secure.test", a, insecure, ""},
        {"to-secure.insecure.test", a, insecure, ""},
        {"to-nowhere.secure.test", a, secure, ""},
        {"mail.tree.secure.test", a, secure, ""},
        // no chain of trust
        {"mail.insecure.test", a, insecure, ""},
        {"absent.insecure.test", a, insecure, ""},
        {"mail.island.test", a, insecure, ""},
        {"mail.unknownds.test", a, insecure, ""},
        {"mail.plain.secure.test", a, insecure, ""},
        {"mail.plain.nsec3.test", a, insecure, ""},
        {"mail.plain.optout.test", a, insecure, ""},
    };
}

inline std::vector<Case> bogus_cases() {
    using enum RecordType;
    using enum Dnssec;
    return {
        {"mail.expired.test", a, bogus, "expired.test DNSKEY: signature expired 2020-01-01"},
        {"mail.future.test", a, bogus, "future.test DNSKEY: signature not valid before 2090-01-01"},
        {"mail.wrongds.test", a, bogus, "wrongds.test DNSKEY: no key matches the DS record of its parent"},
        {"mail.nosig.test", a, bogus, "nosig.test DNSKEY: missing, though its parent has a DS record"},
        {"mail.badsig.test", a, bogus, "mail.badsig.test A: signature does not fit"},
        {"absent.expired.test", a, bogus, "expired.test DNSKEY: signature expired 2020-01-01"},
        {"to-bogus.secure.test", a, bogus, "expired.test DNSKEY: signature expired 2020-01-01"},
    };
}

}  // namespace maildoctor::test
