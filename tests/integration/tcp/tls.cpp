#include "room.hpp"
#include "support/certificates.hpp"
#include "support/ports.hpp"
#include "support/tcp_proxy.hpp"
#include "support/temporary_directory.hpp"

#include <boost/asio/ssl.hpp>
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <memory>

using namespace penholder;
using namespace penholder::testing;
using Catch::Matchers::ContainsSubstring;

namespace {

link_options with_secret(const std::string& secret = "right") {
    auto made = quick_options();
    made.secret = secret;
    return made;
}

/// Certificates on the disk, each node's in a folder of its own.
class certificate_files {
public:
    link_options of(const std::string& node, const issued& own, const certificate_authority& trusted) const {
        const auto folder = directory_.path() / node;
        std::filesystem::create_directories(folder);
        auto made = quick_options();
        made.tls_cert_file = (folder / "node.crt").string();
        made.tls_key_file = (folder / "node.key").string();
        made.tls_ca_file = (folder / "ca.crt").string();
        replace_file(made.tls_cert_file, own.certificate, 0644);
        replace_file(made.tls_key_file, own.key);
        replace_file(made.tls_ca_file, trusted.certificate(), 0644);
        return made;
    }

private:
    temporary_directory directory_;
};

std::string problem_of(const link_options& settings, const std::string& node = "n2") {
    const auto made = tcp::make_link_security(settings, node);
    return made ? std::string() : made.error().message;
}

std::uint16_t port_in(const std::string& endpoint) {
    return static_cast<std::uint16_t>(std::stoi(endpoint.substr(endpoint.rfind(':') + 1)));
}

/// Any TLS client but ours: how its handshake ended.
boost::system::error_code shake(asio::io_context& io, const std::string& endpoint, asio::ssl::context& with) {
    asio::ssl::stream<asio::ip::tcp::socket> client(io, with);
    client.next_layer().connect({asio::ip::address_v4::loopback(), port_in(endpoint)});
    std::optional<boost::system::error_code> ended;
    client.async_handshake(asio::ssl::stream_base::client, [&](boost::system::error_code how) { ended = how; });
    REQUIRE(eventually(io, [&] { return ended.has_value(); }));
    if (*ended) return *ended;
    // A client of TLS 1.3 is done before the server has looked at it: what it reads says how it went.
    std::array<char, 1> one{};
    ended.reset();
    client.async_read_some(asio::buffer(one), [&](boost::system::error_code how, std::size_t) { ended = how; });
    REQUIRE(eventually(io, [&] { return ended.has_value(); }));
    return *ended;
}

/// Listens, and hands what each client said on to nobody.
struct eavesdropper {
    eavesdropper(asio::io_context& io, std::uint16_t to)
        : listening(io, {asio::ip::address_v4::loopback(), 0}), target(io) {
        listening.async_accept([this, to](boost::system::error_code failed, asio::ip::tcp::socket client) {
            if (failed) return;
            from = std::make_unique<asio::ip::tcp::socket>(std::move(client));
            target.connect({asio::ip::address_v4::loopback(), to});
            carry(*from, target, to_leader, there);
            carry(target, *from, to_follower, back);
        });
    }

    void carry(asio::ip::tcp::socket& one, asio::ip::tcp::socket& other, std::array<char, 4096>& buffer,
               std::string& heard) {
        one.async_read_some(asio::buffer(buffer), [&](boost::system::error_code failed, std::size_t bytes) {
            boost::system::error_code ignored;
            if (failed) return other.close(ignored), void();
            heard.append(buffer.data(), bytes);
            asio::write(other, asio::buffer(buffer, bytes), ignored);
            carry(one, other, buffer, heard);
        });
    }

    std::string endpoint() const { return "127.0.0.1:" + std::to_string(listening.local_endpoint().port()); }

    asio::ip::tcp::acceptor listening;
    std::unique_ptr<asio::ip::tcp::socket> from;
    asio::ip::tcp::socket target;
    std::array<char, 4096> to_leader{};
    std::array<char, 4096> to_follower{};
    std::string there;
    std::string back;
};

}  // namespace

TEST_CASE("with a secret, who listens between follower and leader reads nothing, and writes go over") {
    asio::io_context io;
    const auto port = free_port();
    auto settings = with_secret();
    settings.listen = "127.0.0.1:" + std::to_string(port);
    eavesdropper between(io, port);
    settings.advertise = between.endpoint();
    leader_end leader(io, settings);
    follower_end follower(io, between.endpoint(), with_secret());
    REQUIRE(eventually(io, [&] { return follower.ups == 1; }));
    REQUIRE(follower.send(1));
    REQUIRE(eventually(io, [&] { return follower.replies.size() == 1; }));
    CHECK(between.there.size() > 300);
    for (const auto* heard : {&between.there, &between.back}) {
        for (const auto* text : {"orders", "SELECT", "w1", "right"}) CHECK(heard->find(text) == std::string::npos);
    }

    // What was heard, played back, is worth nothing: neither the follower's first words nor all of them.
    for (const auto bytes : {std::size_t{600}, between.there.size()}) {
        const auto requests = leader.requests;
        const auto refused = leader.listening->counters().refused;
        raw_peer again(io, settings.listen);
        again.say(between.there.substr(0, bytes));
        REQUIRE(eventually(io, [&] { return again.ended && leader.listening->counters().refused > refused; }));
        CHECK(leader.requests == requests);
        CHECK(leader.listening->links() == 1);
    }
}

TEST_CASE("who is led to another endpoint than it dialled gets no link, though the secret is right") {
    asio::io_context io;
    leader_end leader(io, with_secret());
    const tcp_proxy relay(port_in(leader.endpoint));
    follower_end follower(io, relay.endpoint(), with_secret());
    REQUIRE(eventually(io, [&] { return !follower.losses.empty(); }));
    CHECK(follower.ups == 0);
    CHECK(follower.losses[0].how == tcp::loss::unauthorized);
    CHECK_THAT(follower.losses[0].why.message, ContainsSubstring(relay.endpoint()));
    CHECK(leader.listening->links() == 0);
    CHECK(leader.requests == 0);
}

TEST_CASE("a follower with a secret takes no certificate in its place") {
    asio::io_context io;
    const certificate_authority somebody;
    const certificate_files files;
    leader_end stranger(io, files.of("n2", somebody.issue_to("n2"), somebody));
    follower_end follower(io, stranger.endpoint, with_secret());
    REQUIRE(eventually(io, [&] { return !follower.losses.empty(); }));
    CHECK(follower.ups == 0);
    CHECK(follower.losses[0].how == tcp::loss::unauthorized);
    CHECK_THAT(follower.losses[0].why.message, ContainsSubstring("certificate instead of the link secret"));
}

TEST_CASE("plain text and garbage are told apart from TLS, cost little, and disturb nobody") {
    asio::io_context io;
    leader_end leader(io, with_secret());
    follower_end good(io, leader.endpoint, with_secret());
    follower_end plain(io, leader.endpoint, quick_options());
    REQUIRE(eventually(io, [&] { return good.ups == 1 && !plain.losses.empty(); }));
    CHECK(plain.losses[0].how == tcp::loss::unauthorized);
    CHECK_THAT(plain.losses[0].why.message, ContainsSubstring("the peer speaks TLS"));
    const auto before = leader.listening->counters().refused;
    std::size_t said = 0;
    for (const auto& nonsense : {std::string("GET / HTTP/1.1\r\n\r\n"), std::string(3000, '\xFF'),
                                 std::string("\x16\x03\x01\x00\x05\x01\x00\x00\x01\x00", 10),
                                 std::string("\x15\x03\x03\x00\x02\x02\x28", 7), std::string(2000, '\x16')}) {
        raw_peer rude(io, leader.endpoint);
        rude.say(nonsense);
        ++said;
        REQUIRE(eventually(io, [&] { return rude.ended && leader.listening->counters().refused >= before + said; }));
    }
    CHECK(leader.listening->links() == 1);
    CHECK(good.linked->is_up());
    CHECK(good.losses.empty());
}

TEST_CASE("a handshake that stays half is cut in time, at either end") {
    asio::io_context io;
    leader_end leader(io, with_secret());
    raw_peer half(io, leader.endpoint);
    half.say(std::string("\x16\x03\x01\x02\x00\x01", 6));
    REQUIRE(eventually(io, [&] { return half.ended; }));
    asio::ip::tcp::acceptor mute(io, {asio::ip::address_v4::loopback(), 0});
    follower_end follower(io, "127.0.0.1:" + std::to_string(mute.local_endpoint().port()), with_secret());
    REQUIRE(eventually(io, [&] { return !follower.losses.empty(); }));
    CHECK(follower.losses[0].how == tcp::loss::silent);
}

TEST_CASE("no older TLS is spoken, by secret or by certificates") {
    asio::io_context io;
    const certificate_authority ours;
    const certificate_files files;
    leader_end by_secret(io, with_secret());
    leader_end by_certificates(io, files.of("n2", ours.issue_to("n2"), ours));
    asio::ssl::context old(asio::ssl::context::tlsv12_client);
    CHECK(shake(io, by_secret.endpoint, old).message().find("protocol version") != std::string::npos);
    CHECK(shake(io, by_certificates.endpoint, old).message().find("protocol version") != std::string::npos);
    asio::ssl::context nameless(asio::ssl::context::tlsv13_client);
    CHECK(shake(io, by_secret.endpoint, nameless));
    CHECK(shake(io, by_certificates.endpoint, nameless).message().find("certificate required") != std::string::npos);
    CHECK(eventually(io, [&] {
        return by_secret.listening->counters().refused == 2 && by_certificates.listening->counters().refused == 2;
    }));
}

TEST_CASE("with certificates each end knows the other's name") {
    asio::io_context io;
    const certificate_authority ours;
    const certificate_files files;
    leader_end leader(io, files.of("n2", ours.issue_to("n2"), ours));
    follower_end follower(io, leader.endpoint,
                          files.of("n1", ours.issue({.dns_names = {}, .common_name = "n1"}), ours));
    REQUIRE(eventually(io, [&] { return follower.ups == 1; }));
    REQUIRE(follower.send(1));
    REQUIRE(eventually(io, [&] { return follower.replies.size() == 1; }));
}

TEST_CASE("with certificates nobody is taken for a node that its certificate does not name") {
    asio::io_context io;
    const certificate_authority ours;
    const certificate_files files;
    leader_end leader(io, files.of("n2", ours.issue_to("n2"), ours));
    const auto of_n1 = files.of("n1", ours.issue_to("n1"), ours);
    follower_end to_n3(io, leader.endpoint, of_n1, [](tcp::link_target& target) { target.leader = "n3"; });
    REQUIRE(eventually(io, [&] { return !to_n3.losses.empty(); }));
    CHECK(to_n3.losses[0].how == tcp::loss::unauthorized);
    CHECK_THAT(to_n3.losses[0].why.message, ContainsSubstring("is for 'n2' where node 'n3' is expected"));
    follower_end as_n4(io, leader.endpoint, of_n1, [](tcp::link_target& target) { target.node = "n4"; });
    REQUIRE(eventually(io, [&] { return !as_n4.losses.empty(); }));
    CHECK(as_n4.losses[0].how == tcp::loss::unauthorized);
    CHECK_THAT(as_n4.losses[0].why.message, ContainsSubstring("is for 'n1' where node 'n4' is expected"));
    CHECK(leader.listening->links() == 0);
}

TEST_CASE("a certificate of another authority, or none, is refused by either end") {
    asio::io_context io;
    const certificate_authority ours;
    const certificate_authority theirs;
    const certificate_files files;
    leader_end leader(io, files.of("n2", ours.issue_to("n2"), ours));
    follower_end other(io, leader.endpoint, files.of("other", theirs.issue_to("n1"), theirs));
    follower_end none(io, leader.endpoint, with_secret());
    REQUIRE(eventually(io, [&] { return !other.losses.empty() && !none.losses.empty(); }));
    CHECK(other.losses[0].how == tcp::loss::unauthorized);
    CHECK_THAT(other.losses[0].why.message, ContainsSubstring("the peer's certificate is not accepted"));
    CHECK(none.losses[0].how == tcp::loss::unauthorized);
    // One that trusts the leader, and that the leader does not trust, hears of it after its own handshake.
    const auto half = files.of("half", theirs.issue_to("n1"), theirs);
    replace_file(half.tls_ca_file, ours.certificate() + theirs.certificate(), 0644);
    follower_end distrusted(io, leader.endpoint, half);
    REQUIRE(eventually(io, [&] { return !distrusted.losses.empty(); }));
    CHECK(distrusted.losses[0].how == tcp::loss::unauthorized);
    CHECK_THAT(distrusted.losses[0].why.message, ContainsSubstring("does not accept this node's certificate"));
    CHECK(leader.listening->links() == 0);
}

TEST_CASE("what is wrong with secrets or certificates is said by the key and the file") {
    const temporary_directory directory;
    const auto file = (directory / "secret").string();
    auto by_secret = quick_options();
    by_secret.secret_file = file;
    CHECK_THAT(problem_of(by_secret), ContainsSubstring("'link.secret_file'") && ContainsSubstring("cannot be read"));
    replace_file(file, "\n\n");
    CHECK_THAT(problem_of(by_secret), ContainsSubstring("is empty"));
    replace_file(file, "a\nb\nc\n");
    CHECK_THAT(problem_of(by_secret), ContainsSubstring("has 3 lines"));
    for (const unsigned mode : {0604U, 0620U, 0602U}) {
        replace_file(file, "a\r\nb\n", mode);
        CHECK_THAT(problem_of(by_secret), ContainsSubstring("is open to others"));
    }
    replace_file(file, "a\r\nb\n");
    CHECK(tcp::read_link_material(by_secret).value().secrets == std::vector<std::string>{"a", "b"});

    const certificate_authority ours;
    const certificate_authority theirs;
    const certificate_files files;
    const auto own = ours.issue_to("n2");
    const auto said = [&](const issued& of, const certificate_authority& trusted) {
        return problem_of(files.of("n2", of, trusted));
    };
    CHECK(said(own, ours).empty());
    CHECK_THAT(said({own.certificate, ours.issue_to("n2").key}, ours),
               ContainsSubstring("is not that of the certificate"));
    CHECK_THAT(said({own.certificate, "no key"}, ours), ContainsSubstring("holds no private key"));
    CHECK_THAT(said({"no certificate", own.key}, ours), ContainsSubstring("holds no certificate"));
    CHECK_THAT(said(ours.issue_to("n3"), ours), ContainsSubstring("is for 'n3', and this node is 'n2'"));
    CHECK_THAT(said(ours.issue({.dns_names = {"*"}, .common_name = "n2"}), ours), ContainsSubstring("is for '*'"));
    CHECK_THAT(said(own, theirs), ContainsSubstring("would not be accepted"));
    CHECK_THAT(said(ours.issue({.dns_names = {"n2"}, .ends = -60s}), ours), ContainsSubstring("expired"));
    CHECK_THAT(said(ours.issue({.dns_names = {"n2"}, .begins = 3600s}), ours), ContainsSubstring("not yet valid"));
    auto open = files.of("n2", own, ours);
    replace_file(open.tls_key_file, own.key, 0644);
    CHECK_THAT(problem_of(open), ContainsSubstring("'link.tls_key_file'") && ContainsSubstring("is open to others"));
    open.tls_ca_file = "/nonexistent";
    replace_file(open.tls_key_file, own.key);
    CHECK_THAT(problem_of(open), ContainsSubstring("'link.tls_ca_file': the file '/nonexistent' cannot be read"));
}

TEST_CASE("what a node adopts is for new links, and what it cannot use changes nothing") {
    asio::io_context io;
    leader_end leader(io, with_secret("old"));
    follower_end first(io, leader.endpoint, with_secret("old"));
    REQUIRE(eventually(io, [&] { return first.ups == 1; }));
    REQUIRE(leader.security->adopt({{"new", "old"}, {}}).has_value());
    follower_end second(io, leader.endpoint, with_secret("new"));
    REQUIRE(eventually(io, [&] { return second.ups == 1; }));
    CHECK_FALSE(leader.security->adopt({{}, {"no certificate", "no key", "no authority"}}).has_value());
    CHECK(leader.security->adopt({}).has_value());  // Nothing does not take TLS away.
    follower_end third(io, leader.endpoint, with_secret("old"));
    REQUIRE(eventually(io, [&] { return third.ups == 1; }));
    CHECK(first.losses.empty());
    REQUIRE(first.send(1));
    CHECK(eventually(io, [&] { return first.replies.size() == 1; }));
}

TEST_CASE("beyond this host nothing is dialled in plain text") {
    asio::io_context io;
    follower_end follower(io, "192.0.2.1:7431", quick_options());
    REQUIRE(eventually(io, [&] { return !follower.losses.empty(); }));
    CHECK(follower.losses[0].how == tcp::loss::unauthorized);
    CHECK_THAT(follower.losses[0].why.message, ContainsSubstring("beyond this host"));
}

TEST_CASE("a link by a secret is lost as any other when its leader's process dies") {
    asio::io_context io;
    auto leader = std::make_unique<leader_end>(io, with_secret());
    tcp_proxy relay(port_in(leader->endpoint));
    const auto endpoint = leader->endpoint;
    leader.reset();
    auto settings = with_secret();
    settings.listen = endpoint;
    settings.advertise = relay.endpoint();
    leader_end again(io, settings);
    follower_end follower(io, relay.endpoint(), with_secret());
    REQUIRE(eventually(io, [&] { return follower.ups == 1; }));
    relay.refuse();
    REQUIRE(eventually(io, [&] { return follower.met(tcp::loss::refused); }));
    CHECK(follower.losses[0].was_up);
    CHECK(follower.losses[0].how == tcp::loss::reset);
}
