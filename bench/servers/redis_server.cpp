#include "redis_server.hpp"

#include "support/patience.hpp"

#include <hiredis/hiredis.h>
#include <memory>

namespace penholder::bench {

redis_server::redis_server()
    : process_({.command = {"redis-server", "--port", "0", "--unixsocket", directory_ / "redis.sock", "--save", "",
                            "--appendonly", "no", "--dir", directory_.path()},
                .log_file = directory_ / "log"}) {
    testing::wait_until("Redis answers; its log: " + (directory_ / "log").string(), [this] {
        const std::unique_ptr<redisContext, decltype(&redisFree)> probe(redisConnectUnix(socket().c_str()), &redisFree);
        return probe && probe->err == 0;
    });
}

}  // namespace penholder::bench
