// ZooKeeper's own recipe: an ephemeral sequential znode each, the lowest has the lock, everybody watches the one ahead.
// Three instances with a session each, as three services would have; their writers share it.
#include "contender.hpp"
#include "load/threads.hpp"
#include "sql_session.hpp"

#include <zookeeper/zookeeper.h>

#include <algorithm>
#include <array>
#include <semaphore>
#include <stdexcept>
#include <thread>

namespace penholder::bench {
namespace {

constexpr auto folder = "/bench-lock";
constexpr std::size_t instances = 3;
constexpr int session_timeout_ms = 10000;

void check(int code, const std::string& doing) {
    if (code != ZOK) throw std::runtime_error(doing + ": " + zerror(code));
}

class zookeeper_session {
public:
    explicit zookeeper_session(const std::string& hosts)
        : handle_(zookeeper_init(hosts.c_str(), nullptr, session_timeout_ms, nullptr, nullptr, 0), &zookeeper_close) {
        if (!handle_) throw std::runtime_error("cannot make a ZooKeeper handle");
        const auto patience = clock::now() + std::chrono::seconds(10);
        while (zoo_state(handle()) != ZOO_CONNECTED_STATE) {
            if (clock::now() > patience) throw std::runtime_error("no ZooKeeper server at " + hosts);
            std::this_thread::sleep_for(std::chrono::milliseconds(5));
        }
    }
    zhandle_t* handle() const noexcept { return handle_.get(); }

private:
    std::unique_ptr<zhandle_t, int (*)(zhandle_t*)> handle_;
};

/// One turn of holding the lock.
class held_lock {
public:
    explicit held_lock(zhandle_t* with) : with_(with) {
        std::array<char, 256> path{};
        check(zoo_create(with_, (std::string(folder) + "/n-").c_str(), nullptr, -1, &ZOO_OPEN_ACL_UNSAFE,
                         ZOO_EPHEMERAL | ZOO_SEQUENCE, path.data(), static_cast<int>(path.size())),
              "cannot ask for the lock");
        path_ = path.data();
        while (const auto ahead = predecessor()) wait_for(*ahead);
    }
    ~held_lock() { zoo_delete(with_, path_.c_str(), -1); }
    held_lock(const held_lock&) = delete;
    held_lock& operator=(const held_lock&) = delete;

private:
    std::optional<std::string> predecessor() const {
        String_vector found{};
        check(zoo_get_children(with_, folder, 0, &found), "cannot list the lock's znodes");
        std::vector<std::string> names(found.data, found.data + found.count);
        deallocate_String_vector(&found);
        std::ranges::sort(names);
        const auto mine = std::ranges::find(names, path_.substr(path_.rfind('/') + 1));
        if (mine == names.end()) throw std::runtime_error("the lock's own znode is gone");
        if (mine == names.begin()) return std::nullopt;
        return std::string(folder) + "/" + *std::prev(mine);
    }

    void wait_for(const std::string& ahead) const {
        std::binary_semaphore gone(0);
        std::array<char, 1> content{};
        int length = 0;
        const int code = zoo_wget(with_, ahead.c_str(), &on_event, &gone, content.data(), &length, nullptr);
        if (code == ZOK) return gone.acquire();
        if (code != ZNONODE) check(code, "cannot watch the one ahead");  // A missing znode leaves no watch behind.
    }

    static void on_event(zhandle_t*, int type, int, const char*, void* context) {
        if (type != ZOO_SESSION_EVENT) static_cast<std::binary_semaphore*>(context)->release();
    }

    zhandle_t* with_;
    std::string path_;
};

class zookeeper_client : public blocking_client {
public:
    zookeeper_client(const std::string& conninfo, zhandle_t* with)
        : session_(conninfo, sql_session::plan::prepared), with_(with) {}

    answer write(const penholder::write& what) override {
        const held_lock lock(with_);
        return session_.transact(what.statements()) ? answer::committed : answer::refused;
    }

private:
    sql_session session_;
    zhandle_t* with_;
};

class zookeeper_contender : public contender {
public:
    explicit zookeeper_contender(servers& on) : conninfo_(on.database().conninfo()) {
        zoo_set_debug_level(ZOO_LOG_LEVEL_ERROR);
        for (std::size_t i = 0; i < instances; ++i) {
            sessions_.push_back(std::make_unique<zookeeper_session>(on.ensemble().connect_string()));
        }
        const int made = zoo_create(sessions_[0]->handle(), folder, nullptr, -1, &ZOO_OPEN_ACL_UNSAFE, 0, nullptr, 0);
        if (made != ZNODEEXISTS) check(made, "cannot make the lock's folder");
    }

    std::string name() const override { return "ZooKeeper lock"; }
    bool fits(const workload&, const load_shape& shape) const override { return !shape.keyed; }

    void run(course& all) override {
        run_in_threads(all, [this](std::size_t index) {
            return std::make_unique<zookeeper_client>(conninfo_, sessions_[index % instances]->handle());
        });
    }

private:
    std::string conninfo_;
    std::vector<std::unique_ptr<zookeeper_session>> sessions_;
};

}  // namespace

contender_pointer zookeeper_lock(servers& on) {
    return std::make_unique<zookeeper_contender>(on);
}

}  // namespace penholder::bench
