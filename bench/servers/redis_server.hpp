#pragma once

#include "support/process.hpp"
#include "support/temporary_directory.hpp"

#include <string>

namespace penholder::bench {

/// A Redis server of our own, reached over a private socket; it keeps nothing on disk. Answering when it is made.
class redis_server {
public:
    redis_server();
    std::string socket() const { return directory_ / "redis.sock"; }

private:
    testing::temporary_directory directory_;
    testing::process process_;
};

}  // namespace penholder::bench
