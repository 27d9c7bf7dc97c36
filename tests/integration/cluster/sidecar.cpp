#include "sidecar.hpp"

#include "support/ports.hpp"

#include <boost/beast/http.hpp>
#include <boost/json.hpp>

#include <fstream>

namespace penholder::testing {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;

http_answer http_client::get(const std::string& target) {
    return call("GET", target, {}, {});
}

http_answer http_client::post(const std::string& target, const std::string& body, const std::string& idempotency_key) {
    return call("POST", target, body, idempotency_key);
}

http_answer http_client::call(const std::string& method, const std::string& target, const std::string& body,
                              const std::string& idempotency_key) {
    http::request<http::string_body> request{http::string_to_verb(method), target, 11};
    request.set(http::field::host, "127.0.0.1");
    if (!body.empty()) request.set(http::field::content_type, "application/json");
    if (!idempotency_key.empty()) request.set("Idempotency-Key", idempotency_key);
    request.body() = body;
    request.prepare_payload();
    try {
        if (!stream_) {
            stream_.emplace(io_);
            buffer_.clear();
            stream_->connect({asio::ip::address_v4::loopback(), port_});
        }
        http::write(*stream_, request);
        http::response<http::string_body> response;
        http::read(*stream_, buffer_, response);
        if (!response.keep_alive()) stream_.reset();
        boost::system::error_code no_json;
        auto parsed = boost::json::parse(response.body(), no_json);
        if (no_json) parsed = boost::json::string(response.body());
        return {response.result_int(), std::move(parsed)};
    } catch (...) {
        stream_.reset();
        throw;
    }
}

sidecar::sidecar(const plan& how) {
    const auto ports = free_ports(2);
    http_port_ = ports[0];
    link_port_ = ports[1];
    std::ofstream config(directory_ / "penholderd.toml");
    config << "[node]\nname = \"" << how.name << "\"\n"
           << "[zookeeper]\nhosts = \"" << how.hosts << "\"\nroot = \"" << how.root
           << "\"\nsession_timeout_ms = " << how.session_timeout_ms << "\n"
           << how.zookeeper_keys << "[link]\nlisten = \"127.0.0.1:" << link_port_ << "\"\n"
           << how.link_keys << "[http]\nlisten = \"127.0.0.1:" << http_port_ << "\"\n"
           << "[[group]]\nname = \"orders\"\ndatabase = \"" << how.conninfo << "\"\n"
           << how.group_keys;
    config.close();
    start();
}

void sidecar::start() {
    process_.emplace(process_options{
        .command = {PENHOLDER_BINARY_DIR "/bin/penholderd", "--config", (directory_ / "penholderd.toml").string()},
        .log_file = directory_ / "log",
        .user = {},
        .environment = {},
        .directory = {}});
}

boost::json::value sidecar::status() {
    try {
        return http_client(http_port_).get("/v1/groups/orders").body;
    } catch (const std::exception&) {
        return nullptr;
    }
}

std::string sidecar::role() {
    const auto now = status();
    const auto* fields = now.if_object();
    const auto* role = fields != nullptr ? fields->if_contains("role") : nullptr;
    return role != nullptr && role->is_string() ? std::string(role->as_string()) : std::string();
}

}  // namespace penholder::testing
