#include "shared_servers.hpp"

namespace penholder::testing {

zookeeper_server& shared_zookeeper() {
    static zookeeper_server server;
    return server;
}

postgres_server& shared_postgres() {
    static postgres_server server;
    return server;
}

}  // namespace penholder::testing
