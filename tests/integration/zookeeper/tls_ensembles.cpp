// Real servers that speak TLS only, and the relay that leads libzookeeper to them.
#include "session_rig.hpp"
#include "support/certificates.hpp"
#include "support/process.hpp"
#include "support/temporary_directory.hpp"
#include "support/zookeeper_server.hpp"
#include "tls/credentials.hpp"
#include "zookeeper/ensemble_files.hpp"
#include "zookeeper/relay.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/write.hpp>
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <algorithm>
#include <iterator>
#include <map>

using namespace penholder;
using namespace penholder::testing;
using namespace std::chrono_literals;
using Catch::Matchers::ContainsSubstring;

namespace {

using tcp = boost::asio::ip::tcp;

/// The files that a node's options name.
struct ensemble_files {
    temporary_directory directory;

    zookeeper_options options(const std::string& hosts, const certificate_authority& believed,
                              int timeout_ms = 4000) const {
        zookeeper_options made;
        made.hosts = hosts;
        made.session_timeout_ms = timeout_ms;
        made.tls_ca_file = directory / "ca";
        believe(believed.certificate());
        return made;
    }
    void believe(const std::string& authorities) const { replace_file(directory / "ca", authorities, 0644); }
    static auto check(const zookeeper_options& how) {
        return tls::read_credentials(tls::side::client, zookeeper::ensemble_files(how));
    }
    void show(const issued& own, zookeeper_options& in) const {
        in.tls_cert_file = directory / "crt";
        in.tls_key_file = directory / "key";
        replace_file(in.tls_key_file, own.key);
        replace_file(in.tls_cert_file, own.certificate, 0644);
    }
};

zookeeper_tls known_by_number(const certificate_authority& by) {
    return {by.issue_to_loopback(), by.certificate()};
}

std::uint64_t refusals(const ensemble_server_status& of, const std::string& reason) {
    const auto found = std::ranges::find(of.refusals, reason, &refusal_count::reason);
    return found == of.refusals.end() ? 0 : found->connections;
}

/// What comes back from a listener of the relay's, to this process.
std::string ask_listener(const tcp::endpoint& where, const std::string& what) {
    boost::asio::io_context io;
    tcp::socket to(io);
    to.connect(where);
    boost::asio::write(to, boost::asio::buffer(what));
    std::string answer;
    boost::system::error_code end;
    boost::asio::read(to, boost::asio::dynamic_buffer(answer), end);
    return answer;
}

bool is_connected_before(rig& here, zookeeper::session& session, std::chrono::milliseconds most) {
    return here.until([&] { return session.connected(); }, most);
}

}  // namespace

TEST_CASE("a session is had of a server that speaks TLS only") {
    const certificate_authority ours;
    const zookeeper_server server(known_by_number(ours));
    const ensemble_files files;
    rig here;
    const auto session = here.connect(files.options(server.connect_string(), ours));
    const std::string large(500'000, 'x');
    REQUIRE(here.create(*session, "/large", large).has_value());
    const auto read = here.ask<zookeeper::znode>([&](auto done) { session->get("/large", false, std::move(done)); });
    REQUIRE(read.has_value());
    CHECK(read->data == large);
    const auto servers = session->servers();
    REQUIRE(servers.size() == 1);
    CHECK(servers[0].server == server.connect_string());
    CHECK(servers[0].connections == 1);
    CHECK(servers[0].bytes_sent > large.size());
    CHECK(servers[0].bytes_received > large.size());
    CHECK(servers[0].refusals.empty());
    // The server has no other port.
    zookeeper::session plain(here.io.get_executor(), here.options(server.connect_string()));
    plain.open();
    CHECK_FALSE(is_connected_before(here, plain, 3s));
}

TEST_CASE("closing a session ends it at the ensemble at once, by TLS too") {
    const certificate_authority ours;
    const zookeeper_server server(known_by_number(ours));
    const ensemble_files files;
    rig here;
    const auto how = files.options(server.connect_string(), ours, 30000);
    auto session = here.connect(how);
    REQUIRE(here.create(*session, "/mine", {}, zookeeper::create_mode::ephemeral).has_value());
    const auto other = here.connect(how);
    REQUIRE(here.exists(*other, "/mine"));
    bool closed = false;
    session->close([&] { closed = true; });
    REQUIRE(here.until([&] { return closed; }));
    CHECK(here.until([&] { return !here.exists(*other, "/mine"); }, 5s));
}

TEST_CASE("servers that are not who they should be are refused and named, while another serves") {
    const certificate_authority ours;
    const certificate_authority theirs;
    const auto with = [](issued own) { return zookeeper_tls{std::move(own), {}}; };
    zookeeper_ensemble three({known_by_number(ours), known_by_number(ours), known_by_number(ours)});
    const auto replace = [&](std::size_t which, issued own) {
        auto by = with(std::move(own));
        by.authority = ours.certificate();
        three[which].secure(std::move(by));
        three[which].restart();
        three.wait_for_quorum(3);
    };
    replace(0, ours.issue_to("another.example"));
    replace(1, theirs.issue_to_loopback());
    const ensemble_files files;
    rig here;
    const auto session = here.connect(files.options(three.connect_string(), ours));
    const auto is_seen = [&] {
        const auto servers = session->servers();
        return refusals(servers[0], "other_name") > 0 && refusals(servers[1], "untrusted") > 0;
    };
    // Whoever is asked first, in the end the only good one serves; the others are met when it is away for a while.
    REQUIRE(is_connected_before(here, *session, 15s));
    three[2].pause();
    REQUIRE(here.until(is_seen, 30s));
    three[2].resume();
    REQUIRE(is_connected_before(here, *session, 30s));
    const auto servers = session->servers();
    CHECK_THAT(servers[0].trouble, ContainsSubstring("is for 'another.example' and not for '127.0.0.1'"));
    CHECK_THAT(servers[1].trouble, ContainsSubstring("zookeeper.tls_ca_file"));
    CHECK(servers[2].trouble.empty());
    CHECK(servers[0].connections + servers[1].connections == 0);
    CHECK(servers[0].bytes_sent + servers[1].bytes_sent == 0);
}

TEST_CASE("a server is known by its name where it is configured by name") {
    const certificate_authority ours;
    const zookeeper_server server(zookeeper_tls{ours.issue_to("localhost"), ours.certificate()});
    const ensemble_files files;
    rig here;
    const auto port = std::to_string(server.port());
    const auto session = here.connect(files.options("localhost:" + port, ours));
    CHECK(session->servers()[0].server == "localhost:" + port);
    zookeeper::session by_number(here.io.get_executor(), files.options("127.0.0.1:" + port, ours));
    by_number.open();
    REQUIRE(here.until([&] { return by_number.trouble() && by_number.is_refused(); }));
    CHECK_THAT(by_number.trouble()->message, ContainsSubstring("is for 'localhost' and not for '127.0.0.1'"));
}

TEST_CASE("what keeps a server from being believed is told: ended, plain, silent, mute") {
    const certificate_authority ours;
    const ensemble_files files;
    rig here;
    const auto trouble = [&](const std::string& hosts, const std::string& reason) {
        zookeeper::session session(here.io.get_executor(), files.options(hosts, ours));
        session.open();
        REQUIRE(here.until([&] {
            return session.trouble() && !session.servers().empty() && refusals(session.servers()[0], reason) > 0;
        }));
        CHECK(session.servers()[0].connections == 0);
        return session.trouble()->message;
    };
    {
        const zookeeper_server ended(
            zookeeper_tls{ours.issue({.addresses = {"127.0.0.1"}, .begins = -48h, .ends = -24h}), ours.certificate()});
        CHECK_THAT(trouble(ended.connect_string(), "expired"), ContainsSubstring("certificate has expired"));
        const zookeeper_server plain;
        CHECK_THAT(trouble(plain.connect_string(), "closed"), ContainsSubstring("secureClientPort"));
    }
    boost::asio::io_context io;
    tcp::acceptor silent(io, {boost::asio::ip::address_v4::loopback(), 0});
    const auto at = [](const tcp::acceptor& one) { return "127.0.0.1:" + std::to_string(one.local_endpoint().port()); };
    CHECK_THAT(trouble(at(silent), "timeout"), ContainsSubstring("did not agree on TLS in time"));
    std::string away = at(silent);
    silent.close();
    CHECK_THAT(trouble(away, "unreachable"), ContainsSubstring("see that a majority of its servers runs"));
}

TEST_CASE("an ensemble that wants certificates is shown one, and who has none is told so") {
    const certificate_authority ours;
    const certificate_authority clients;
    const auto node = clients.issue_to("orders-1");
    const zookeeper_server server(zookeeper_tls{ours.issue_to_loopback(), clients.certificate(), true, node});
    const ensemble_files files;
    rig here;
    auto how = files.options(server.connect_string(), ours);
    const auto refused = [&](const zookeeper_options& with) {
        zookeeper::session session(here.io.get_executor(), with);
        session.open();
        REQUIRE(here.until([&] {
            return session.trouble() && !session.servers().empty() &&
                   refusals(session.servers()[0], "own_certificate") > 0;
        }));
        return session.trouble()->message;
    };
    CHECK_THAT(refused(how), ContainsSubstring("set zookeeper.tls_cert_file and tls_key_file"));
    files.show(ours.issue_to("orders-1"), how);
    CHECK_THAT(refused(how), ContainsSubstring("does not accept this node's certificate"));
    files.show(node, how);
    const auto session = here.connect(how);
    REQUIRE(session->certificate_ends_in());
    CHECK(*session->certificate_ends_in() > 89 * 24h);
}

TEST_CASE("a session by TLS moves on when its server is killed, and outlives an ensemble that was down") {
    const certificate_authority ours;
    zookeeper_ensemble three({known_by_number(ours), known_by_number(ours), known_by_number(ours)});
    const ensemble_files files;
    rig here;
    const auto session = here.connect(files.options(three.connect_string(), ours, 15000));
    const auto before = session->id();
    REQUIRE(here.create(*session, "/mine", {}, zookeeper::create_mode::ephemeral).has_value());
    const auto servers = session->servers();
    const auto used = static_cast<std::size_t>(
        std::ranges::find_if(servers, [](const auto& each) { return each.connections > 0; }) - servers.begin());
    REQUIRE(used < 3);
    three[used].kill();
    REQUIRE(here.until([&] { return !session->connected(); }));
    REQUIRE(is_connected_before(here, *session, 15s));
    CHECK(session->id() == before);
    CHECK(here.exists(*session, "/mine"));
    three.stop();
    REQUIRE(here.until([&] { return !session->connected(); }));
    REQUIRE(here.until([&] { return session->trouble().has_value(); }));
    three.start();
    REQUIRE(is_connected_before(here, *session, 60s));
}

TEST_CASE("a session by TLS is kept while its node's thread is blocked") {
    const certificate_authority ours;
    const zookeeper_server server(known_by_number(ours));
    const ensemble_files files;
    rig here;
    const auto session = here.connect(files.options(server.connect_string(), ours, 1500));
    const auto before = session->id();
    const auto id = session->id_text().substr(session->id_text().find_first_not_of('0'));
    const auto until = std::chrono::steady_clock::now() + 5s;
    std::size_t answers = 0;
    while (std::chrono::steady_clock::now() < until) {  // Nothing of the node runs.
        const auto sessions = server.ask("dump");       // Empty where a busy machine does not answer in time.
        if (sessions.empty()) continue;
        ++answers;
        CHECK_THAT(sessions, ContainsSubstring("0x" + id));
    }
    CHECK(answers > 0);
    CHECK(here.until([&] { return session->connected(); }));
    CHECK(session->id() == before);
    CHECK(session->servers()[0].connections == 1);
}

TEST_CASE("no older TLS than 1.2 is spoken to the ensemble") {
    const certificate_authority ours;
    const auto own = ours.issue_to_loopback();
    namespace ssl = boost::asio::ssl;
    ssl::context old(ssl::context::tls_server);
    SSL_CTX_set_min_proto_version(old.native_handle(), TLS1_VERSION);
    SSL_CTX_set_max_proto_version(old.native_handle(), TLS1_1_VERSION);
    SSL_CTX_set_cipher_list(old.native_handle(), "ALL@SECLEVEL=0");
    old.use_certificate(boost::asio::buffer(own.certificate), ssl::context::pem);
    old.use_private_key(boost::asio::buffer(own.key), ssl::context::pem);
    boost::asio::io_context io;
    tcp::acceptor at(io, {boost::asio::ip::address_v4::loopback(), 0});
    const ensemble_files files;
    const auto relay =
        zookeeper::relay::open(files.options("127.0.0.1:" + std::to_string(at.local_endpoint().port()), ours)).value();
    tcp::socket from(io);
    from.connect(relay->listeners().at(0));
    ssl::stream<tcp::socket> over(at.accept(), old);
    boost::system::error_code refused;
    over.handshake(ssl::stream_base::server, refused);
    CHECK(refused);
    over.next_layer().close();
    REQUIRE(eventually([&] { return !relay->servers()[0].trouble.empty(); }));
    CHECK(relay->servers()[0].connections == 0);
    CHECK(refusals(relay->servers()[0], "failed") == 1);
}

TEST_CASE("another process of this host gets nothing from the relay, and its connection reaches no server") {
    const certificate_authority ours;
    const zookeeper_server server(known_by_number(ours));
    const ensemble_files files;
    const auto relay = zookeeper::relay::open(files.options(server.connect_string(), ours)).value();
    const auto listener = relay->listeners().at(0);
    CHECK_THAT(ask_listener(listener, "srvr"), ContainsSubstring("Mode: standalone"));
    const std::string stranger =
        "import socket\n"
        "s = socket.create_connection(('127.0.0.1', " +
        std::to_string(listener.port()) +
        "))\n"
        "try:\n"
        "    s.sendall(b'srvr')\n"
        "    print('got', len(s.recv(100)), 'bytes')\n"
        "except ConnectionError:\n"
        "    print('got nothing')\n";
    for (int times = 0; times < 3; ++times) {
        CHECK_THAT(run({.command = {"python3", "-c", stranger}}),
                   ContainsSubstring("got 0 bytes") || ContainsSubstring("got nothing"));
    }
    const auto now = relay->servers().at(0);
    CHECK(refusals(now, "other_process") == 3);
    CHECK(now.connections == 1);
    CHECK(now.bytes_sent == 4);
    CHECK(now.trouble.empty());
    CHECK_THAT(ask_listener(listener, "srvr"), ContainsSubstring("Mode: standalone"));
}

TEST_CASE("files are read again, for connections that begin; what cannot be used changes nothing") {
    const certificate_authority ours;
    const certificate_authority fresh;
    zookeeper_server server(known_by_number(ours));
    const ensemble_files files;
    const auto relay = zookeeper::relay::open(files.options(server.connect_string(), ours)).value();
    const auto answers = [&] { return !ask_listener(relay->listeners().at(0), "srvr").empty(); };
    CHECK(answers());
    files.believe(fresh.certificate());
    relay->look_again();
    CHECK(eventually([&] { return !answers(); }));
    files.believe("nonsense");
    relay->look_again();
    server.secure(known_by_number(fresh));
    server.restart();
    CHECK(eventually(answers));
    files.believe(ours.certificate());  // Without being told to look.
    CHECK(eventually([&] { return !answers(); }));
    CHECK(refusals(relay->servers().at(0), "untrusted") >= 2);
}

TEST_CASE("files of the ensemble's that cannot be used are told by key and file") {
    const certificate_authority ours;
    const ensemble_files files;
    auto how = files.options("127.0.0.1:1", ours);
    CHECK(ensemble_files::check(how).has_value());
    files.show(ours.issue_to("orders-1"), how);
    CHECK(ensemble_files::check(how).has_value());
    replace_file(how.tls_key_file, ours.issue_to("orders-1").key);
    CHECK_THAT(ensemble_files::check(how).error().message,
               ContainsSubstring("the key of 'zookeeper.tls_key_file' is not that of the certificate"));
    replace_file(how.tls_key_file, "x", 0644);
    CHECK_THAT(ensemble_files::check(how).error().message,
               ContainsSubstring("'zookeeper.tls_key_file'") && ContainsSubstring("is open to others"));
    files.believe("x");
    how.tls_key_file.clear();
    how.tls_cert_file.clear();
    CHECK_THAT(ensemble_files::check(how).error().message,
               ContainsSubstring("the file of 'zookeeper.tls_ca_file' holds no certificate"));
    how.tls_ca_file = files.directory / "missing";
    CHECK_THAT(ensemble_files::check(how).error().message, ContainsSubstring("cannot be read"));
}
