// HTTP by TLS: who is let in, what is answered to whom, and certificates that change.
#include "running_daemon.hpp"
#include "support/certificates.hpp"
#include "support/patience.hpp"

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <openssl/ssl.h>

#include <array>
#include <functional>
#include <memory>
#include <optional>
#include <string>

using namespace penholder::testing;
using Catch::Matchers::ContainsSubstring;

namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using tcp = asio::ip::tcp;

/// The files that a daemon's [http] names.
struct http_files {
    temporary_directory directory;
    certificate_authority ours;

    http_files() { show(ours.issue_to_loopback()); }
    void show(const issued& what) const {
        replace_file(directory / "key", what.key);
        replace_file(directory / "crt", what.certificate, 0644);
    }
    void believe(const certificate_authority& who) const { replace_file(directory / "clients", who.certificate()); }
    std::string path(const char* name) const { return (directory / name).string(); }
    std::string keys() const {
        return "tls_cert_file = \"" + path("crt") + "\"\ntls_key_file = \"" + path("key") + "\"\n";
    }
};

/// A client that believes one authority.
class https_client {
public:
    https_client(std::uint16_t port, const certificate_authority& believed) : port_(port) {
        context_.add_certificate_authority(asio::buffer(believed.certificate()));
        context_.set_verify_mode(asio::ssl::verify_peer);
    }
    void show(const issued& what) {
        context_.use_certificate(asio::buffer(what.certificate), asio::ssl::context::pem);
        context_.use_private_key(asio::buffer(what.key), asio::ssl::context::pem);
    }
    SSL_CTX* native() { return context_.native_handle(); }

    using stream = asio::ssl::stream<tcp::socket>;
    std::unique_ptr<stream> connect() {
        auto made = std::make_unique<stream>(io_, context_);
        made->next_layer().connect({asio::ip::address_v4::loopback(), port_});
        made->handshake(stream::client);
        return made;
    }

    /// The status, and what the certificate's serial number is.
    std::pair<unsigned, std::string> ask(http::verb by, const std::string& target, const std::string& body = {}) {
        const auto over = connect();
        http::request<http::string_body> asked{by, target, 11};
        asked.set(http::field::host, "localhost");
        asked.set(http::field::content_type, "application/json");
        asked.body() = body;
        asked.prepare_payload();
        http::write(*over, asked);
        boost::beast::flat_buffer buffer;
        http::response_parser<http::string_body> answer;
        answer.body_limit(boost::none);
        http::read(*over, buffer, answer);
        last_body = answer.get().body();
        return {answer.get().result_int(), serial_of(*over)};
    }
    unsigned get(const std::string& target) { return ask(http::verb::get, target).first; }

    /// Nothing where TLS is not agreed on, or nothing is answered.
    std::optional<unsigned> try_to_get(const std::string& target) {
        try {
            return get(target);
        } catch (const boost::system::system_error&) {
            return std::nullopt;
        }
    }

    std::string last_body;

private:
    static std::string serial_of(stream& over) {
        const std::unique_ptr<X509, void (*)(X509*)> shown(SSL_get1_peer_certificate(over.native_handle()), X509_free);
        const auto* serial = X509_get0_serialNumber(shown.get());
        return {reinterpret_cast<const char*>(ASN1_STRING_get0_data(serial)),
                static_cast<std::size_t>(ASN1_STRING_length(serial))};
    }

    std::uint16_t port_;
    asio::io_context io_;
    asio::ssl::context context_{asio::ssl::context::tls_client};
};

void wait_until_it_answers(https_client& from, const std::string& target = "/livez") {
    wait_until("penholderd answers by TLS", [&] { return from.try_to_get(target) == 200U; });
}

std::size_t lines_with(const running_daemon& of, const std::string& what) {
    const auto log = of.log();
    std::size_t lines = 0;
    for (auto at = log.find(what); at != std::string::npos; at = log.find(what, at + 1)) ++lines;
    return lines;
}

running_daemon::plan with_http(const std::string& keys) {
    running_daemon::plan how;
    how.http = keys;
    return how;
}

}  // namespace

TEST_CASE("with a certificate HTTP is HTTPS, for writes and for answers of any size") {
    const http_files files;
    auto how = leading_plan();
    how.http = files.keys() + "max_body_bytes = 20000000\n";
    const running_daemon one(how);
    https_client client(one.port(), files.ours);
    wait_until_it_answers(client, "/readyz");
    CHECK(client.ask(http::verb::post, writes, with_sql("UPDATE stock SET qty = qty - 1 WHERE id = 1")).first == 200);
    CHECK(client.ask(http::verb::post, writes, with_sql("SELECT qty FROM stock WHERE id = 1")).first == 200);
    CHECK_THAT(client.last_body, ContainsSubstring(R"("rows":[["9"]])"));
    CHECK(client.ask(http::verb::post, writes, with_sql("SELECT repeat('x', 8000000)")).first == 200);
    CHECK(client.last_body.size() > 8'000'000);
    CHECK(
        client.ask(http::verb::post, writes, with_sql("SELECT length('" + std::string(5'000'000, 'y') + "')")).first ==
        200);
    CHECK_THAT(client.last_body, ContainsSubstring("5000000"));
    CHECK(client.get("/nowhere") == 404);
}

TEST_CASE("who speaks no TLS to a port of TLS is told so, once, and gets nothing") {
    const http_files files;
    const running_daemon one(with_http(files.keys()));
    https_client client(one.port(), files.ours);
    wait_until_it_answers(client);
    const auto answered = one.raw("GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\nGET /livez HTTP/1.1\r\n\r\n");
    CHECK_THAT(answered, ContainsSubstring("HTTP/1.1 400") && ContainsSubstring("https://"));
    CHECK(answered.find("HTTP/1.1", 8) == std::string::npos);
    for (const std::string nonsense : {"\x16", "\x16\x03\x01", "\x16\x03\x01\xff\xff\x01", "\x80\x2e\x01"}) {
        INFO(nonsense.size());
        CHECK(one.raw(nonsense + std::string(40000, '\x01')).find("HTTP/1.1 200") == std::string::npos);
    }
    CHECK(client.get("/livez") == 200);
}

TEST_CASE("plain text behind a client's first words is no request") {
    const http_files files;
    const running_daemon one(with_http(files.keys()));
    https_client client(one.port(), files.ours);
    wait_until_it_answers(client);
    const std::unique_ptr<SSL, void (*)(SSL*)> ssl(SSL_new(client.native()), SSL_free);
    auto* const in = BIO_new(BIO_s_mem());
    auto* const out = BIO_new(BIO_s_mem());
    SSL_set_bio(ssl.get(), in, out);
    SSL_connect(ssl.get());
    std::array<char, 4096> hello{};
    const auto bytes = BIO_read(out, hello.data(), static_cast<int>(hello.size()));
    REQUIRE(bytes > 0);
    const auto answered = one.raw(std::string(hello.data(), static_cast<std::size_t>(bytes)) +
                                  "GET /livez HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    CHECK(answered.find("HTTP/1.1") == std::string::npos);
}

TEST_CASE("clients need a certificate where the configuration says so") {
    const http_files files;
    const certificate_authority strangers;
    files.believe(files.ours);
    running_daemon one(with_http(files.keys() + "tls_client_ca_file = \"" + files.path("clients") + "\"\n"));
    https_client known(one.port(), files.ours);
    known.show(files.ours.issue_to("shop"));
    wait_until_it_answers(known);
    https_client nobody(one.port(), files.ours);
    https_client stranger(one.port(), files.ours);
    stranger.show(strangers.issue_to("shop"));
    https_client late(one.port(), files.ours);
    late.show(files.ours.issue({.dns_names = {"shop"}, .ends = std::chrono::seconds(-60)}));
    for (auto* each : {&nobody, &stranger, &late}) {
        CHECK_FALSE(each->try_to_get("/livez"));
        CHECK_FALSE(each->try_to_get("/metrics"));
    }
    CHECK(known.get("/metrics") == 200);
    CHECK_THAT(one.log(), ContainsSubstring("http_tls_refused"));
}

TEST_CASE("a certificate that changes is for new connections, and one that cannot be used changes nothing") {
    const http_files files;
    running_daemon one(with_http(files.keys()));
    https_client client(one.port(), files.ours);
    wait_until_it_answers(client);
    const auto before = client.ask(http::verb::get, "/livez").second;
    const auto standing = client.connect();
    replace_file(files.directory / "crt", "nonsense");
    wait_until("it is said", [&] { return one.log().find("security_kept of=http") != std::string::npos; });
    CHECK(client.ask(http::verb::get, "/livez").second == before);
    for (const auto& unfit : {files.ours.issue({.addresses = {"127.0.0.1"}, .ends = std::chrono::seconds(-60)}),
                              files.ours.issue({.addresses = {"127.0.0.1"}, .begins = std::chrono::seconds(3600)})}) {
        const auto kept = lines_with(one, "security_kept of=http");
        files.show(unfit);
        wait_until("it is said", [&] { return lines_with(one, "security_kept of=http") > kept; });
        CHECK(client.ask(http::verb::get, "/livez").second == before);
    }
    files.show(files.ours.issue_to_loopback());
    wait_until("it shows the new one", [&] { return client.ask(http::verb::get, "/livez").second != before; });
    CHECK_THAT(one.log(), ContainsSubstring("security_changed of=http"));
    http::request<http::empty_body> asked{http::verb::get, "/livez", 11};
    asked.set(http::field::host, "localhost");
    http::write(*standing, asked);
    boost::beast::flat_buffer buffer;
    http::response<http::string_body> answer;
    http::read(*standing, buffer, answer);
    CHECK(answer.result_int() == 200);
}

TEST_CASE("a handshake that does not come to an end holds no connection, and no old TLS is spoken") {
    const http_files files;
    const running_daemon one(with_http(files.keys() + "request_timeout_ms = 300\n"));
    https_client client(one.port(), files.ours);
    wait_until_it_answers(client);
    CHECK(one.raw("\x16\x03").empty());  // Comes back when the daemon has closed it.
    https_client old(one.port(), files.ours);
    SSL_CTX_set_security_level(old.native(), 0);
    SSL_CTX_set_max_proto_version(old.native(), TLS1_1_VERSION);
    CHECK_FALSE(old.try_to_get("/livez"));
    SSL_CTX_set_max_proto_version(old.native(), TLS1_2_VERSION);
    CHECK(old.try_to_get("/livez") == 200U);
}

TEST_CASE("events come by TLS, and a client that goes is noticed") {
    const http_files files;
    const running_daemon one(with_http(files.keys() + "heartbeat_ms = 200\nmax_connections = 3\n"));
    https_client client(one.port(), files.ours);
    wait_until_it_answers(client);
    for (int i = 0; i < 8; ++i) {
        const auto over = client.connect();
        asio::write(*over,
                    asio::buffer(std::string("GET /v1/groups/orders/events HTTP/1.1\r\nHost: localhost\r\n\r\n")));
        std::string came;
        asio::read_until(*over, asio::dynamic_buffer(came), "\n:");  // Two comments at least: the stream goes on.
        CHECK_THAT(came, ContainsSubstring("HTTP/1.1 200") && ContainsSubstring("text/event-stream"));
    }
    CHECK(client.get("/livez") == 200);
}

TEST_CASE("a daemon whose certificate cannot be used does not start, and says which") {
    const http_files files;
    files.show({files.ours.issue_to_loopback().certificate, files.ours.issue_to_loopback().key});
    running_daemon one(with_http(files.keys()));
    CHECK(one.running().wait() != 0);
    CHECK_THAT(one.log(), ContainsSubstring("the key of 'http.tls_key_file' is not that of the certificate"));
}

TEST_CASE("a file with a certificate that is damaged is refused whole, and one that has ended is warned of") {
    const http_files files;
    const certificate_authority other;
    const running_daemon::plan how = with_http(files.keys());
    running_daemon one(how);
    auto damaged = other.certificate();
    damaged.replace(damaged.find('\n') + 1, 4, "?!?!");
    replace_file(files.directory / "crt", files.ours.issue_to_loopback().certificate + damaged, 0644);
    const auto refused = run_penholderd({"--config", one.config_path(), "--check-config"});
    CHECK(refused.code != 0);
    CHECK_THAT(refused.output, ContainsSubstring("or something beside it that cannot be read"));
    files.show(files.ours.issue({.addresses = {"127.0.0.1"}, .ends = std::chrono::seconds(-60)}));
    const auto warned = run_penholderd({"--config", one.config_path(), "--check-config"});
    CHECK(warned.code == 0);
    CHECK_THAT(warned.output, ContainsSubstring("has ended, so nobody accepts it"));
}

TEST_CASE("a refusal's end is told by TLS, too") {
    const http_files files;
    const running_daemon one(with_http(files.keys() + "max_body_bytes = 1024\n"));
    https_client client(one.port(), files.ours);
    wait_until_it_answers(client);
    const auto over = client.connect();
    asio::write(*over,
                asio::buffer(std::string("POST /x HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5000\r\n\r\n")));
    std::string came;
    boost::system::error_code ended;
    asio::read(*over, asio::dynamic_buffer(came), ended);
    CHECK_THAT(came, ContainsSubstring("HTTP/1.1 413"));
    CHECK(ended == asio::error::eof);  // And not cut off.
}
