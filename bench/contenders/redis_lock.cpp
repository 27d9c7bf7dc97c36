// The usual lock in Redis: SET NX PX with a random token, tried again after a short wait; compare-and-delete to unlock.
#include "contender.hpp"
#include "load/threads.hpp"
#include "sql_session.hpp"

#include <hiredis/hiredis.h>
#include <random>
#include <stdexcept>
#include <string_view>
#include <thread>

namespace penholder::bench {
namespace {

constexpr auto unlock_if_ours =
    "if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) else return 0 end";

using reply = std::unique_ptr<redisReply, void (*)(void*)>;

class redis_client : public blocking_client {
public:
    redis_client(const std::string& conninfo, const std::string& socket, std::size_t index)
        : session_(conninfo, sql_session::plan::prepared),
          redis_(redisConnectUnix(socket.c_str()), &redisFree),
          token_("writer-" + std::to_string(index)),
          random_(static_cast<random_source::result_type>(index + 1)) {
        if (!redis_ || redis_->err != 0) throw std::runtime_error("cannot connect to Redis at " + socket);
    }

    answer write(const penholder::write& what) override {
        while (!lock()) std::this_thread::sleep_for(std::chrono::microseconds(pause_us_(random_)));
        const bool done = session_.transact(what.statements());
        unlock();
        return done ? answer::committed : answer::refused;
    }

private:
    reply checked(void* got) {
        reply made(static_cast<redisReply*>(got), &freeReplyObject);
        if (!made || made->type == REDIS_REPLY_ERROR) throw std::runtime_error("Redis refused a command");
        return made;
    }
    bool lock() {
        return checked(redisCommand(redis_.get(), "SET pen %s NX PX 30000", token_.c_str()))->type ==
               REDIS_REPLY_STATUS;
    }
    void unlock() {
        const auto deleted = checked(redisCommand(redis_.get(), "EVAL %s 1 pen %s", unlock_if_ours, token_.c_str()));
        if (deleted->integer != 1) throw std::runtime_error("the Redis lock was lost while it was held");
    }

    sql_session session_;
    std::unique_ptr<redisContext, void (*)(redisContext*)> redis_;
    std::string token_;
    random_source random_;
    std::uniform_int_distribution<int> pause_us_{500, 1500};
};

class redis_contender : public contender {
public:
    explicit redis_contender(servers& on) : conninfo_(on.database().conninfo()), socket_(on.redis().socket()) {}

    std::string name() const override { return "Redis lock"; }
    bool fits(const workload&, const load_shape& shape) const override { return !shape.keyed; }

    void run(course& all) override {
        run_in_threads(all,
                       [this](std::size_t index) { return std::make_unique<redis_client>(conninfo_, socket_, index); });
    }

private:
    std::string conninfo_;
    std::string socket_;
};

}  // namespace

contender_pointer redis_lock(servers& on) {
    return std::make_unique<redis_contender>(on);
}

}  // namespace penholder::bench
