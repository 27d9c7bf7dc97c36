#pragma once

#include "support/name_server.hpp"
#include "support/process.hpp"
#include "support/shared_servers.hpp"
#include "support/temporary_directory.hpp"

#include <boost/json/value.hpp>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace penholder::testing {

inline constexpr auto writes = "/v1/groups/orders/writes";

/// The body of a write of one statement, whose text needs no escape in JSON.
inline std::string with_sql(const std::string& sql) {
    return R"({"statements":[{"sql":")" + sql + R"("}]})";
}

/// What came back: the status, the headers by their lower-case names, and the body.
struct web_answer {
    unsigned status = 0;
    std::map<std::string, std::string> headers;
    std::string body;

    /// The body as JSON; null where it is none.
    boost::json::value json() const;
    /// A member of the JSON body as text; empty where there is none.
    std::string text(std::string_view member) const;
};

/// A real penholderd with a configuration of the test's own.
class running_daemon {
public:
    struct plan {
        std::string name = "orders-1";
        std::string hosts = "127.0.0.1:1";  ///< Port 1: nobody is there.
        std::string root = "/penholder";
        std::string database{};  ///< Empty: the group is an election only.
        std::string node{};      ///< More lines of [node].
        std::string group{};     ///< More lines of [[group]].
        std::string http{};      ///< More lines of [http].
        std::string more{};      ///< More tables.
        bool unix_socket = false;
        std::vector<std::string> environment{};
        const name_server* names = nullptr;  ///< The one that it asks; null: this host's.
    };
    explicit running_daemon(plan how);

    using headers = std::map<std::string, std::string>;
    web_answer ask(const std::string& method, const std::string& target, const std::string& body = {},
                   const headers& with = {}) const;
    web_answer get(const std::string& target, const headers& with = {}) const { return ask("GET", target, {}, with); }
    /// A body that says that it is JSON.
    web_answer post(const std::string& target, const std::string& body, headers with = {}) const;

    /// Sends bytes as they are and returns everything that comes back until the connection ends.
    std::string raw(const std::string& bytes) const;

    void wait_until_live() const;
    void wait_until_ready() const;

    process& running() { return process_; }
    std::string log() const { return process_.log(); }
    std::string socket_path() const { return (directory_ / "http.sock").string(); }
    std::string config_path() const { return (directory_ / "penholderd.toml").string(); }
    std::uint16_t port() const noexcept { return port_; }

private:
    process launch(const plan& how);

    temporary_directory directory_;
    std::uint16_t port_;
    bool unix_socket_;
    process process_;
};

/// A daemon with a database and a root of its own on the shared servers, leading its group "orders". The database has
/// the schema and a table `stock(id int primary key, qty int not null check (qty >= 0))` with rows 1 and 2 of 10 each.
running_daemon::plan leading_plan();

/// What penholderd prints and its exit code.
struct ended {
    int code = -1;
    std::string output;
};
ended run_penholderd(const std::vector<std::string>& arguments);

}  // namespace penholder::testing
