#pragma once

#include "support/postgres_server.hpp"
#include "support/process.hpp"
#include "support/temporary_directory.hpp"

#include <string>

namespace penholder::bench {

/// A PgBouncer of our own in transaction mode before one database. Answering when it is made.
class pgbouncer_server {
public:
    pgbouncer_server(const testing::postgres_server& before, std::string database, int pool_size);
    std::string conninfo() const;

private:
    std::filesystem::path configure(const testing::postgres_server& before, int pool_size) const;

    testing::temporary_directory directory_;
    std::string database_;
    std::uint16_t port_;
    testing::process process_;
};

}  // namespace penholder::bench
