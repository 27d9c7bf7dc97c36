#include "client.hpp"
#include "handle.hpp"
#include "unanswered.hpp"

#include <boost/asio/post.hpp>

#include <algorithm>
#include <memory>
#include <string_view>

namespace penholder::zookeeper {
namespace {

/// An operation on its way through the client library, which carries a pointer to it and gives that back once.
template <class T>
struct request final : unanswered_request {
    request(handle::surroundings around, std::string of, std::function<void(reply<T>)> then)
        : executor(std::move(around.executor)),
          among(std::move(around.unanswered)),
          path(std::move(of)),
          done(std::move(then)) {
        among->add(*this);
    }

    boost::asio::any_io_executor executor;
    std::shared_ptr<unanswered_requests> among;
    std::string path;
    std::function<void(reply<T>)> done;

    void finish(reply<T> answer) {
        boost::asio::post(executor,
                          [tell = std::move(done), answer = std::move(answer)]() mutable { tell(std::move(answer)); });
    }
    void fail(int code) override { finish(to_failure(code, path)); }
};

template <class T>
std::unique_ptr<request<T>> take_back(const void* data) {
    std::unique_ptr<request<T>> mine(static_cast<request<T>*>(const_cast<void*>(data)));
    mine->among->remove(*mine);
    return mine;
}

/// Hands `made` to the client library; `start` answers the library's code.
template <class T, class Start>
void send(std::unique_ptr<request<T>> made, Start start) {
    auto* raw = made.release();
    const int code = start(*raw, static_cast<const void*>(raw));
    if (code != ZOK) take_back<T>(raw)->fail(code);
}

template <class T>
std::unique_ptr<request<T>> make_request(handle::surroundings around, std::string path,
                                         std::function<void(reply<T>)> done) {
    return std::make_unique<request<T>>(std::move(around), std::move(path), std::move(done));
}

void take_data(int code, const char* data, int size, const Stat* stat, const void* context) {
    const auto mine = take_back<znode>(context);
    if (code != ZOK) return mine->fail(code);
    const auto length = size > 0 ? static_cast<std::size_t>(size) : 0;
    mine->finish(znode{length > 0 ? std::string(data, length) : std::string(), to_stat(*stat)});
}

void take_stat(int code, const Stat* stat, const void* context) {
    const auto mine = take_back<zookeeper::stat>(context);
    if (code != ZOK) return mine->fail(code);
    mine->finish(to_stat(*stat));
}

void take_children(int code, const String_vector* names, const Stat* stat, const void* context) {
    const auto mine = take_back<listing>(context);
    if (code != ZOK) return mine->fail(code);
    mine->finish(listing{{names->data, names->data + names->count}, to_stat(*stat)});
}

bool lets_anybody_write(const ACL& entry) {
    const int changes = ZOO_PERM_WRITE | ZOO_PERM_CREATE | ZOO_PERM_DELETE | ZOO_PERM_ADMIN;
    return std::string_view(entry.id.scheme) == "world" && (entry.perms & changes) != 0;
}

void take_acl(int code, ACL_vector* acl, Stat*, const void* context) {
    const auto mine = take_back<bool>(context);
    if (code != ZOK) return mine->fail(code);
    mine->finish(std::any_of(acl->data, acl->data + acl->count, lets_anybody_write));
}

void take_path(int code, const char* path, const void* context) {
    const auto mine = take_back<std::string>(context);
    if (code != ZOK) return mine->fail(code);
    mine->finish(std::string(path));
}

void take_nothing(int code, const void* context) {
    const auto mine = take_back<void>(context);
    if (code != ZOK) return mine->fail(code);
    mine->finish({});
}

int to_mode(create_mode mode) {
    switch (mode) {
        case create_mode::ephemeral: return ZOO_EPHEMERAL;
        case create_mode::ephemeral_sequential: return ZOO_EPHEMERAL_SEQUENTIAL;
        case create_mode::persistent: break;
    }
    return ZOO_PERSISTENT;
}

/// A transaction on its way: the library reads the steps and writes the results until it has answered.
struct transaction final : unanswered_request {
    boost::asio::any_io_executor executor;
    std::shared_ptr<unanswered_requests> among;
    std::vector<operation> steps;
    std::function<void(reply<>)> done;
    std::vector<zoo_op_t> native;
    std::vector<zoo_op_result_t> results;

    void prepare(const ACL_vector* acl) {
        native.resize(steps.size());
        results.resize(steps.size());
        for (std::size_t index = 0; index < steps.size(); ++index) prepare(native[index], steps[index], acl);
    }

    static void prepare(zoo_op_t& op, const operation& step, const ACL_vector* acl) {
        const auto length = static_cast<int>(step.data.size());
        switch (step.what) {
            case operation::kind::create:
                zoo_create_op_init(&op, step.path.c_str(), step.data.data(), length, acl, to_mode(step.mode), nullptr,
                                   0);
                break;
            case operation::kind::set:
                zoo_set_op_init(&op, step.path.c_str(), step.data.data(), length, step.version, nullptr);
                break;
            case operation::kind::remove: zoo_delete_op_init(&op, step.path.c_str(), step.version); break;
            case operation::kind::check: zoo_check_op_init(&op, step.path.c_str(), step.version); break;
        }
    }

    /// The library marks the steps beside the failed one as inconsistent.
    reply<> outcome(int code) const {
        if (code == ZOK) return {};
        for (std::size_t index = 0; index < steps.size(); ++index) {
            const int own = results[index].err;
            if (own != ZOK && own != ZRUNTIMEINCONSISTENCY) return to_failure(own, steps[index].path);
        }
        return to_failure(code, steps.front().path);
    }

    void fail(int code) override {
        boost::asio::post(executor, [tell = std::move(done), answer = outcome(code)] { tell(answer); });
    }
};

void take_transaction(int code, const void* context) {
    const std::unique_ptr<transaction> mine(static_cast<transaction*>(const_cast<void*>(context)));
    mine->among->remove(*mine);
    mine->fail(code);
}

}  // namespace

void handle::get(std::string path, bool watch, std::function<void(reply<znode>)> done) {
    send(make_request(around_, std::move(path), std::move(done)), [&](const auto& mine, const void* context) {
        return zoo_aget(native_, mine.path.c_str(), watch ? 1 : 0, take_data, context);
    });
}

void handle::exists(std::string path, bool watch, std::function<void(reply<stat>)> done) {
    send(make_request(around_, std::move(path), std::move(done)), [&](const auto& mine, const void* context) {
        return zoo_aexists(native_, mine.path.c_str(), watch ? 1 : 0, take_stat, context);
    });
}

void handle::is_open(std::string path, std::function<void(reply<bool>)> done) {
    send(make_request(around_, std::move(path), std::move(done)), [&](const auto& mine, const void* context) {
        return zoo_aget_acl(native_, mine.path.c_str(), take_acl, context);
    });
}

void handle::children(std::string path, bool watch, std::function<void(reply<listing>)> done) {
    send(make_request(around_, std::move(path), std::move(done)), [&](const auto& mine, const void* context) {
        return zoo_aget_children2(native_, mine.path.c_str(), watch ? 1 : 0, take_children, context);
    });
}

void handle::create(std::string path, std::string data, create_mode mode,
                    std::function<void(reply<std::string>)> done) {
    send(make_request(around_, std::move(path), std::move(done)), [&](const auto& mine, const void* context) {
        return zoo_acreate(native_, mine.path.c_str(), data.data(), static_cast<int>(data.size()), acl(), to_mode(mode),
                           take_path, context);
    });
}

void handle::set(std::string path, std::string data, std::int32_t version, std::function<void(reply<stat>)> done) {
    send(make_request(around_, std::move(path), std::move(done)), [&](const auto& mine, const void* context) {
        return zoo_aset(native_, mine.path.c_str(), data.data(), static_cast<int>(data.size()), version, take_stat,
                        context);
    });
}

void handle::remove(std::string path, std::int32_t version, std::function<void(reply<>)> done) {
    send(make_request(around_, std::move(path), std::move(done)), [&](const auto& mine, const void* context) {
        return zoo_adelete(native_, mine.path.c_str(), version, take_nothing, context);
    });
}

void handle::transact(std::vector<operation> steps, std::function<void(reply<>)> done) {
    auto made = std::make_unique<transaction>();
    made->executor = around_.executor;
    made->among = around_.unanswered;
    made->steps = std::move(steps);
    made->done = std::move(done);
    made->prepare(acl());
    auto* raw = made.release();
    raw->among->add(*raw);
    const int code = zoo_amulti(native_, static_cast<int>(raw->steps.size()), raw->native.data(), raw->results.data(),
                                take_transaction, raw);
    if (code != ZOK) take_transaction(code, raw);
}

failure to_failure(int code, std::string path) {
    const auto why = [code] {
        switch (code) {
            case ZNONODE: return reason::no_node;
            case ZNODEEXISTS: return reason::node_exists;
            case ZBADVERSION: return reason::bad_version;
            case ZNOTEMPTY: return reason::not_empty;
            case ZNOCHILDRENFOREPHEMERALS: return reason::no_children_for_ephemerals;
            case ZCONNECTIONLOSS:
            case ZOPERATIONTIMEOUT:
            case ZSESSIONMOVED:
            case ZINVALIDSTATE: return reason::connection_loss;
            case ZSESSIONEXPIRED:
            case ZCLOSING: return reason::session_expired;
            case ZNOAUTH:
            case ZAUTHFAILED:
            case ZINVALIDACL: return reason::not_authorized;
            case ZBADARGUMENTS: return reason::bad_arguments;
            default: return reason::other;
        }
    }();
    return {why, code, std::move(path)};
}

stat to_stat(const Stat& from) noexcept {
    return {from.version, from.ephemeralOwner, from.czxid, from.numChildren, from.cversion};
}

}  // namespace penholder::zookeeper
