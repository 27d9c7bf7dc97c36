#pragma once

#include "lane_connection.hpp"
#include "model/fence_record.hpp"
#include "raise_memory.hpp"
#include "workers.hpp"

#include <penholder/error.hpp>
#include <penholder/options.hpp>
#include <penholder/receipt.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace penholder::postgres {

class database_core;

/// A group's database as one node sees it. Owned by the node's group. Calls are made on the executor given and complete
/// there, also after it is gone; what blocks runs on the node's workers, each step bounded by time-outs.
class database {
public:
    database(boost::asio::any_io_executor executor, std::shared_ptr<workers> threads, group_options group);
    ~database();
    database(const database&) = delete;
    database& operator=(const database&) = delete;

    /// Can this database be led now? Connects where needed, checks that it is a primary with a schema we know, makes
    /// sure that the group has its fence row, and reads that. Cheap to repeat: the connection is kept. Errors:
    /// database_unreachable (standby too), schema_missing, schema_unknown, unauthorized.
    boost::asio::awaitable<result<fence_record>> probe();

    /// What the ensemble shows: which database the group writes to, and the last raise of its fence. A server that
    /// lacks it is refused as unreachable from now on, whoever asks. Where operators have `moved_there`, what was
    /// raised by this node elsewhere is forgotten.
    void expect(const known_raise& shown, bool moved_there);

    /// Makes ready what a lane needs beside its own connection, while others decide whether this node leads. Ends again
    /// by itself where it does not.
    void prepare_to_lead();

    /// Hosts that answered when they were asked last and are not written to, with why.
    std::vector<std::string> refused_hosts() const;
    /// How often a raise found the fence older than it had been raised before.
    std::uint64_t setbacks() const;

    /// Raises the group's fence to `next`, waiting out the transactions of older terms for `fence_wait_ms`, then ending
    /// them. Raising it to the term that this same leader and endpoint already hold answers raised. Once there was a
    /// probe that found a database, the fence is raised in that one only, and a lane opens only there.
    /// Errors: as `probe`; fenced only as `fence_answer::raised == false`.
    boost::asio::awaitable<result<fence_answer>> raise_fence(term next, std::string leader, std::string endpoint);

    /// What the ledger knows of a write id, an application's key or one given by a node; nothing where it knows
    /// nothing.
    boost::asio::awaitable<result<std::optional<receipt>>> find(std::string write_id);

    /// Has the ledger forget an application's key whose write was rejected, in one transaction under the fence at
    /// `held`. Answers the receipt that is forgotten, or nothing where there is none. Errors: refused where its write
    /// was committed, not_leader where the fence stands at another term, in_flight where it is decided at this moment.
    boost::asio::awaitable<result<std::optional<receipt>>> forget(term held, std::string key);

    /// A lane for `held`, which must have been raised; over the very connection that raised it, the first time.
    /// `leader` and `endpoint` as in `raise_fence`: needed to raise the same fence again on a promoted server that has
    /// lost it. Events may be left empty.
    lane_connection open_lane(term held, std::string leader, std::string endpoint, lane_events events);

private:
    std::shared_ptr<database_core> core_;
};

}  // namespace penholder::postgres
