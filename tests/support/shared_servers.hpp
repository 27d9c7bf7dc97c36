#pragma once

#include "postgres_server.hpp"
#include "zookeeper_server.hpp"

namespace penholder::testing {

/// One ZooKeeper server and one PostgreSQL server for all tests of a program, started when first asked for; each test
/// takes a database and a root of its own.
zookeeper_server& shared_zookeeper();
postgres_server& shared_postgres();

}  // namespace penholder::testing
