#include "contender.hpp"

namespace penholder::bench {

const std::vector<contender_kind>& all_contenders() {
    static const std::vector<contender_kind> all{{"direct", direct},
                                                 {"direct, pipelined", direct_pipelined},
                                                 {"PgBouncer", through_pgbouncer},
                                                 {"advisory lock", advisory_lock},
                                                 {"SELECT FOR UPDATE", select_for_update},
                                                 {"Redis lock", redis_lock},
                                                 {"ZooKeeper lock", zookeeper_lock},
                                                 {"idempotency table", idempotency_table},
                                                 {"limit", pipelined_limit},
                                                 {"Penholder, leader", at_the_leader},
                                                 {"Penholder, followers", through_followers},
                                                 {"Penholder, plain links", through_plain_links},
                                                 {"Penholder, HTTP", through_http}};
    return all;
}

}  // namespace penholder::bench
