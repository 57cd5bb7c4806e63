// The yardstick for start-up: a program that links and touches the libraries that maildoctor stands on, and
// no more.
#include <Poco/DOM/DOMParser.h>
#include <Poco/JSON/Object.h>
#include <Poco/Net/SSLManager.h>
#include <Poco/Net/SocketAddress.h>
#include <Poco/Util/OptionSet.h>
#include <openssl/ssl.h>

#include <cstdio>

int main() {
    Poco::JSON::Object object;
    object.set("answer", 1);
    const Poco::Net::SocketAddress address("127.0.0.1", 25);
    const Poco::Util::OptionSet options;
    const Poco::XML::DOMParser parser;
    // Taking the address keeps the library linked without starting it; volatile, so that it is really taken.
    Poco::Net::SSLManager& (*volatile manager)() = &Poco::Net::SSLManager::instance;
    if (OPENSSL_init_ssl(0, nullptr) != 1 || manager == nullptr || address.port() != 25 ||
        !object.has("answer"))
        return 1;
    std::puts("hello");
    return 0;
}
