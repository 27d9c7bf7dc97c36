#pragma once

#include "load/course.hpp"
#include "servers/servers.hpp"

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace penholder::bench {

/// One way to write. Made once for a series; between its turns it holds no connection of a writer.
class contender {
public:
    contender() = default;
    virtual ~contender() = default;
    contender(const contender&) = delete;
    contender& operator=(const contender&) = delete;

    virtual std::string name() const = 0;

    /// Whether it can do this at all.
    virtual bool fits(const workload&, const load_shape&) const { return true; }

    /// Whether a neighbour can write beside its writers.
    virtual bool takes_neighbours() const { return false; }

    /// Writes as the course says, and returns when every writer has had its last answer.
    virtual void run(course& all) = 0;

    /// What is worth knowing of its own processes after the last turn: "resident MiB" and the like.
    virtual std::map<std::string, double> observed() { return {}; }
};

using contender_pointer = std::unique_ptr<contender>;

contender_pointer direct(servers& on);
contender_pointer direct_pipelined(servers& on);
contender_pointer through_pgbouncer(servers& on);
contender_pointer advisory_lock(servers& on);
contender_pointer select_for_update(servers& on);
contender_pointer redis_lock(servers& on);
contender_pointer zookeeper_lock(servers& on);
contender_pointer idempotency_table(servers& on);
contender_pointer pipelined_limit(servers& on);
contender_pointer at_the_leader(servers& on);
contender_pointer through_followers(servers& on);
contender_pointer through_plain_links(servers& on);
contender_pointer through_http(servers& on);

/// All of them, by the names that a series asks for.
struct contender_kind {
    std::string name;
    contender_pointer (*make)(servers& on);
};
const std::vector<contender_kind>& all_contenders();

}  // namespace penholder::bench
