#include "load/course.hpp"
#include "model/write_id.hpp"
#include "probe.hpp"
#include "tcp/link.hpp"
#include "tcp/link_security.hpp"
#include "tcp/listener.hpp"

#include <penholder/error.hpp>

#include <boost/asio/io_context.hpp>

#include <pthread.h>
#include <sched.h>
#include <thread>

namespace penholder::bench {
namespace {

constexpr std::size_t in_flight = 256;
const std::string group = "bench";

/// A link and a listener on one thread; each reply sends the next request.
class link_and_listener {
public:
    explicit link_and_listener(const std::string& secret) {
        settings_.secret = secret;
        listener_ = make_listener();
        link_ = make_link();
        write_ = std::make_shared<write>();
        write_->add("UPDATE hot SET n = n - $1 WHERE id = $2", 1, 1);
    }

    double writes_per_second(std::chrono::milliseconds length) {
        link_->start();
        io_.run_for(length / 5);
        const auto before = replies_;
        const auto began = clock::now();
        io_.run_for(length);
        const std::chrono::duration<double> took = clock::now() - began;
        const auto replied = replies_ - before;
        link_->close();
        listener_->stop();
        io_.run_for(std::chrono::milliseconds(100));
        return static_cast<double>(replied) / took.count();
    }

private:
    std::shared_ptr<tcp::listener> make_listener() {
        tcp::listener_handlers handlers;
        handlers.knows_group = [](const std::string&) { return true; };
        handlers.on_request = [](const std::string&, wire::request_body asked, const tcp::responder& respond) {
            statement_result one_row;
            one_row.rows_affected = 1;
            auto& id = std::get<wire::submit>(asked).id;
            respond(decided({std::move(id), outcome::committed, 1, 1, false, {std::move(one_row)}, {}}));
        };
        return std::make_shared<tcp::listener>(io_.get_executor(), tcp::listener_identity{"leader", {2}}, settings_,
                                               security_of("leader"), std::move(handlers));
    }

    std::shared_ptr<tcp::link> make_link() {
        auto endpoint = listener_->start();
        if (!endpoint) throw exception(endpoint.error());
        tcp::link_handlers handlers;
        handlers.on_up = [this] {
            for (std::size_t i = 0; i < in_flight; ++i) send();
        };
        handlers.on_down = [](const tcp::link_loss& loss) { throw exception(loss.why); };
        handlers.on_reply = [this](const wire::reply&) {
            ++replies_;
            send();
        };
        return std::make_shared<tcp::link>(
            io_.get_executor(), tcp::link_target{group, "follower", {1}, penholder::term{1}, "leader", {}, *endpoint},
            settings_, security_of("follower"), std::move(handlers));
    }

    std::shared_ptr<tcp::link_security> security_of(const std::string& node) const {
        return tcp::make_link_security(settings_, node).value();
    }

    void send() {
        const auto number = ++sent_;
        link_->send({number, wire::submit{origin_write_id{make_origin("follower", {1}), number}.text(),
                                          write_,
                                          {number > in_flight ? number - in_flight : 1, {}},
                                          5000}});
    }

    boost::asio::io_context io_{1};
    link_options settings_;
    std::shared_ptr<tcp::listener> listener_;
    std::shared_ptr<tcp::link> link_;
    std::shared_ptr<write> write_;
    std::uint64_t sent_ = 0;
    std::uint64_t replies_ = 0;
};

void stay_on_one_core() {
    cpu_set_t cores;
    CPU_ZERO(&cores);
    CPU_SET(static_cast<std::size_t>(::sched_getcpu()), &cores);
    ::pthread_setaffinity_np(::pthread_self(), sizeof cores, &cores);
}

}  // namespace

std::vector<figure> link_alone(bool quick) {
    const auto rate_with = [&](const std::string& secret) {
        double rate = 0;
        std::thread([&] {
            stay_on_one_core();
            rate = link_and_listener(secret).writes_per_second(std::chrono::milliseconds(quick ? 1000 : 5000));
        }).join();
        return rate;
    };
    return {{"link alone: writes on one core", rate_with({}), " writes/s"},
            {"link alone, TLS: writes on one core", rate_with("a secret of a benchmark"), " writes/s"}};
}

}  // namespace penholder::bench
