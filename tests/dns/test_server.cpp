#include "tests/dns/test_server.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <ldns/ldns.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstring>
#include <memory>
#include <stdexcept>

namespace maildoctor::test {
namespace {

sockaddr_in loopback(std::uint16_t port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

bool bind_to(int fd, std::uint16_t port) {
    const sockaddr_in address = loopback(port);
    return bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
}

std::uint16_t port_of(int fd) {
    sockaddr_in address{};
    socklen_t size = sizeof address;
    getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size);
    return ntohs(address.sin_port);
}

bool read_all(int fd, char* at, std::size_t size) {
    while (size > 0) {
        const ssize_t got = recv(fd, at, size, 0);
        if (got <= 0) return false;
        at += got;
        size -= static_cast<std::size_t>(got);
    }
    return true;
}

void push(ldns_pkt* packet, ldns_pkt_section section, const std::vector<std::string>& records) {
    for (const std::string& text : records) {
        ldns_rr* record = nullptr;
        if (ldns_rr_new_frm_str(&record, text.c_str(), 60, nullptr, nullptr) != LDNS_STATUS_OK)
            throw std::runtime_error("bad record in test: " + text);
        ldns_pkt_push_rr(packet, section, record);
    }
}

}  // namespace

TestServer::TestServer(Script script, bool raw) : script_(std::move(script)), raw_(raw) {
    for (int attempt = 0; attempt < 100; ++attempt) {  // one port that is free for both
        udp_ = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
        tcp_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        if (bind_to(udp_, 0) && bind_to(tcp_, port_of(udp_)) && listen(tcp_, 16) == 0) break;
        close(udp_);
        close(tcp_);
        udp_ = tcp_ = -1;
    }
    if (udp_ < 0) throw std::runtime_error("no free port on loopback");
    port_ = port_of(udp_);
    elsewhere_ = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    thread_ = std::thread([this] { serve(); });
}

TestServer::~TestServer() {
    stop_.store(true);
    thread_.join();
    for (const int fd : {udp_, tcp_, elsewhere_})
        close(fd);
}

void TestServer::serve() {
    while (!stop_.load()) {
        std::array<pollfd, 2> fds{pollfd{.fd = udp_, .events = POLLIN, .revents = 0},
                                  pollfd{.fd = tcp_, .events = POLLIN, .revents = 0}};
        if (poll(fds.data(), fds.size(), 5) <= 0) continue;
        if ((fds[0].revents & POLLIN) != 0) serve_udp();
        if ((fds[1].revents & POLLIN) != 0) serve_tcp();
    }
}

void TestServer::serve_udp() {
    static thread_local std::array<char, 65536> buffer;
    sockaddr_in peer{};
    socklen_t peer_size = sizeof peer;
    const ssize_t size =
        recvfrom(udp_, buffer.data(), buffer.size(), 0, reinterpret_cast<sockaddr*>(&peer), &peer_size);
    if (size <= 0) return;
    const std::string_view bytes(buffer.data(), static_cast<std::size_t>(size));
    Asked asked = raw_ ? Asked{.bytes = std::string(bytes)} : read_query(bytes);
    asked.count = ++count_;
    asked.source_port = ntohs(peer.sin_port);
    for (const Sent& sent : script_(asked)) {
        std::this_thread::sleep_for(sent.delay);
        sendto(sent.from_elsewhere ? elsewhere_ : udp_, sent.bytes.data(), sent.bytes.size(), 0,
               reinterpret_cast<sockaddr*>(&peer), peer_size);
    }
}

void TestServer::serve_tcp() {
    const int fd = accept(tcp_, nullptr, nullptr);
    std::array<unsigned char, 2> length{};
    if (read_all(fd, reinterpret_cast<char*>(length.data()), 2)) {
        std::string query(std::size_t{length[0]} << 8 | length[1], '\0');
        if (read_all(fd, query.data(), query.size())) {
            Asked asked = read_query(query);
            asked.count = ++count_;
            asked.tcp = true;
            for (const Sent& sent : script_(asked)) {
                std::this_thread::sleep_for(sent.delay);
                std::string framed{static_cast<char>(sent.bytes.size() >> 8),
                                   static_cast<char>(sent.bytes.size() & 0xff)};
                framed += sent.bytes;
                send(fd, framed.data(), framed.size(), MSG_NOSIGNAL);
            }
        }
    }
    close(fd);
}

Asked read_query(std::string_view bytes) {
    Asked asked{.bytes = std::string(bytes)};
    ldns_pkt* packet = nullptr;
    if (ldns_wire2pkt(&packet, reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()) !=
        LDNS_STATUS_OK)
        return asked;
    const ldns_rr* question = ldns_rr_list_rr(ldns_pkt_question(packet), 0);
    const std::unique_ptr<char, decltype(&std::free)> name(ldns_rdf2str(ldns_rr_owner(question)), std::free);
    asked.name = name.get();
    asked.name.pop_back();
    asked.type = ldns_rr_get_type(question);
    asked.dnssec_ok = ldns_pkt_edns_do(packet);
    asked.edns = ldns_pkt_edns_udp_size(packet) != 0;
    asked.checking_disabled = ldns_pkt_cd(packet);
    asked.recursion_desired = ldns_pkt_rd(packet);
    ldns_pkt_free(packet);
    return asked;
}

std::string answer_to(const Asked& asked, const AnswerParts& parts) {
    ldns_pkt* packet = nullptr;
    if (ldns_wire2pkt(&packet, reinterpret_cast<const std::uint8_t*>(asked.bytes.data()),
                      asked.bytes.size()) != LDNS_STATUS_OK)
        throw std::runtime_error("the question does not parse");
    ldns_pkt_set_qr(packet, true);
    ldns_pkt_set_ra(packet, true);
    ldns_pkt_set_aa(packet, parts.authoritative);
    ldns_pkt_set_tc(packet, parts.truncated);
    ldns_pkt_set_rcode(packet, static_cast<std::uint8_t>(parts.rcode));
    push(packet, LDNS_SECTION_ANSWER, parts.answer);
    push(packet, LDNS_SECTION_AUTHORITY, parts.authority);
    push(packet, LDNS_SECTION_ADDITIONAL, parts.additional);
    if (!parts.edns_options.empty()) {
        ldns_pkt_set_edns_udp_size(packet, 1232);
        ldns_pkt_set_edns_data(packet, ldns_rdf_new_frm_data(LDNS_RDF_TYPE_UNKNOWN, parts.edns_options.size(),
                                                             parts.edns_options.data()));
    }
    std::uint8_t* wire = nullptr;
    std::size_t size = 0;
    if (ldns_pkt2wire(&wire, packet, &size) != LDNS_STATUS_OK)
        throw std::runtime_error("the answer cannot be made");
    ldns_pkt_free(packet);
    std::string bytes(reinterpret_cast<const char*>(wire), size);
    std::free(wire);
    return bytes;
}

platform::NameServer nobody() {
    const int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    bind_to(fd, 0);
    const std::uint16_t port = port_of(fd);
    close(fd);
    return {.address = IpAddress::v4({127, 0, 0, 1}), .port = port};
}

}  // namespace maildoctor::test
