#include "running_daemon.hpp"

#include "postgres/schema.hpp"
#include "support/patience.hpp"
#include "support/ports.hpp"

#include <boost/asio/connect.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <atomic>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace penholder::testing {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using stream = asio::generic::stream_protocol;

const std::string program = PENHOLDER_BINARY_DIR "/bin/penholderd";

std::string lower(std::string text) {
    std::ranges::transform(text, text.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return text;
}

stream::socket connect_to(asio::io_context& io, const running_daemon& to, bool unix_socket) {
    stream::socket socket(io);
    if (unix_socket) {
        socket.connect(stream::endpoint(asio::local::stream_protocol::endpoint(to.socket_path())));
    } else {
        socket.connect(stream::endpoint(asio::ip::tcp::endpoint(asio::ip::address_v4::loopback(), to.port())));
    }
    return socket;
}

}  // namespace

boost::json::value web_answer::json() const {
    boost::system::error_code failed;
    auto parsed = boost::json::parse(body, failed);
    return failed ? boost::json::value(nullptr) : parsed;
}

std::string web_answer::text(std::string_view member) const {
    const auto parsed = json();
    const auto* object = parsed.if_object();
    const auto* found = object != nullptr ? object->if_contains(member) : nullptr;
    if (found == nullptr) return {};
    return found->is_string() ? std::string(found->get_string()) : boost::json::serialize(*found);
}

running_daemon::running_daemon(plan how) : port_(free_port()), unix_socket_(how.unix_socket), process_(launch(how)) {}

process running_daemon::launch(const plan& how) {
    std::ofstream(config_path()) << "[node]\nname = \"" << how.name << "\"\n"
                                 << how.node << "\n[zookeeper]\nhosts = \"" << how.hosts << "\"\nroot = \"" << how.root
                                 << "\"\nsession_timeout_ms = 2000\n[http]\nlisten = \""
                                 << (how.unix_socket ? "unix:" + socket_path() : "127.0.0.1:" + std::to_string(port_))
                                 << "\"\n"
                                 << how.http << "\n[[group]]\nname = \"orders\"\ndatabase = \"" << how.database
                                 << "\"\n"
                                 << how.group << "\n"
                                 << how.more;
    std::vector<std::string> command{program, "--config", config_path()};
    return process(process_options{.command = how.names != nullptr ? how.names->with_it(command) : command,
                                   .log_file = directory_ / "log",
                                   .user = {},
                                   .environment = how.environment,
                                   .directory = {}});
}

web_answer running_daemon::ask(const std::string& method, const std::string& target, const std::string& body,
                               const headers& with) const {
    http::request<http::string_body> request{http::verb::unknown, target, 11};
    request.method_string(method);
    request.set(http::field::host, "localhost");
    for (const auto& [name, value] : with) request.set(name, value);
    request.body() = body;
    request.prepare_payload();
    asio::io_context io;
    auto socket = connect_to(io, *this, unix_socket_);
    boost::system::error_code cut_short;
    http::write(socket, request, cut_short);
    boost::beast::flat_buffer buffer;
    http::response_parser<http::string_body> response;
    response.body_limit(boost::none);
    if (method == "HEAD") response.skip(true);
    http::read(socket, buffer, response);
    web_answer answered{response.get().result_int(), {}, response.get().body()};
    for (const auto& field : response.get()) {
        answered.headers[lower(std::string(field.name_string()))] = std::string(field.value());
    }
    return answered;
}

web_answer running_daemon::post(const std::string& target, const std::string& body, headers with) const {
    with["Content-Type"] = "application/json";
    return ask("POST", target, body, with);
}

std::string running_daemon::raw(const std::string& bytes) const {
    asio::io_context io;
    auto socket = connect_to(io, *this, unix_socket_);
    asio::write(socket, asio::buffer(bytes));
    std::string received;
    boost::system::error_code ended;
    asio::read(socket, asio::dynamic_buffer(received), ended);
    return received;
}

void running_daemon::wait_until_live() const {
    wait_until("penholderd answers", [this] {
        try {
            return get("/livez").status == 200;
        } catch (const std::exception&) {
            return false;
        }
    });
}

void running_daemon::wait_until_ready() const {
    wait_until_live();
    wait_until(
        "penholderd leads", [this] { return get("/leader").status == 200; }, limit::leadership);
}

running_daemon::plan leading_plan() {
    static std::atomic<int> databases = 0;
    const auto name = "daemon_" + std::to_string(++databases);
    auto& server = shared_postgres();
    server.create_database(name);
    const auto made = postgres::init_schema(server.conninfo(name));
    if (!made) throw std::runtime_error(made.error().message);
    server.exec("CREATE TABLE stock (id int PRIMARY KEY, qty int NOT NULL CHECK (qty >= 0))", name);
    server.exec("INSERT INTO stock VALUES (1, 10), (2, 10)", name);
    running_daemon::plan how;
    how.hosts = shared_zookeeper().connect_string();
    how.root = "/" + name;
    how.database = server.conninfo(name);
    return how;
}

ended run_penholderd(const std::vector<std::string>& arguments) {
    const temporary_directory directory;
    std::vector<std::string> command{program};
    command.insert(command.end(), arguments.begin(), arguments.end());
    process started(process_options{
        .command = command, .log_file = directory / "log", .user = {}, .environment = {}, .directory = {}});
    const auto code = started.wait();
    return {code.value_or(-1), started.log()};
}

}  // namespace penholder::testing
