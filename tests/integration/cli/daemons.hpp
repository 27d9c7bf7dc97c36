#pragma once

#include "support/ports.hpp"
#include "support/postgres_server.hpp"
#include "support/process.hpp"
#include "support/temporary_directory.hpp"
#include "support/zookeeper_server.hpp"
#include "unit/cli/console.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace penholder::testing {

/// A group "orders" of real daemons orders-1, orders-2…, with a real ZooKeeper server and a real database with a table
/// stock(id, qty).
class daemons {
public:
    explicit daemons(int count);

    void start(int number);  ///< From 1.
    void stop(int number);   ///< SIGTERM, and waits.
    void kill(int number);
    void send(int number, int signal) { process_of(number)->send(signal); }

    /// Waits until somebody serves a term after `after` and every running daemon knows; answers its number.
    int wait_for_leader(std::uint64_t after = 0);
    std::uint64_t term();

    /// Runs the command against this group; --zookeeper is given by itself.
    cli::ended ask(std::vector<std::string> words, const std::string& input = {});

    std::string config(int number) const;  ///< The path of a daemon's configuration.
    std::string url(int number) const;
    std::string database() { return postgres.conninfo("orders"); }

    zookeeper_server zookeeper;
    postgres_server postgres;

private:
    struct daemon {
        std::uint16_t link = 0;
        std::uint16_t http = 0;
        std::optional<process> running;
    };
    std::optional<process>& process_of(int number) { return daemons_.at(static_cast<std::size_t>(number - 1)).running; }
    void configure(int number);
    bool all_follow(std::uint64_t term);

    temporary_directory folder_;
    std::vector<daemon> daemons_;
};

/// Three of them that all tests of this program share; started when first asked for, led when this returns.
daemons& three_daemons();

}  // namespace penholder::testing
