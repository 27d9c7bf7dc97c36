#include "tcp_proxy.hpp"

#include "ports.hpp"
#include "proxied_connection.hpp"

#include <array>
#include <future>
#include <set>
#include <thread>

namespace penholder::testing {

namespace asio = boost::asio;
using asio::ip::tcp;

// Everything of a proxy that lives on its thread.
class tcp_proxy::network {
public:
    explicit network(std::uint16_t target_port)
        : target_(asio::ip::address_v4::loopback(), target_port), port_(free_port()), acceptor_(io_) {
        listen();
        thread_ = std::thread([this] { io_.run(); });
    }

    ~network() {
        io_.stop();
        thread_.join();
    }

    // Runs a change on the proxy's thread and returns when it is done.
    template <class Change>
    auto on_thread(Change change) {
        return asio::post(io_, std::packaged_task<decltype(change())()>(std::move(change))).get();
    }

    void listen() {
        if (acceptor_.is_open()) return;
        acceptor_.open(tcp::v4());
        acceptor_.set_option(tcp::acceptor::reuse_address{true});
        acceptor_.bind({asio::ip::address_v4::loopback(), port_});
        acceptor_.listen();
        take_next();
    }

    void refuse() {
        acceptor_.close();
        cut();
    }

    // Who is still on the way to the target when it happens does not arrive there.
    void cut() {
        ++cuts_;
        for (const auto& one : connections_) one->cut();
        connections_.clear();
    }

    void move() {
        for (const auto& one : std::set(connections_)) one->move();
    }

    void half_open() {
        for (const auto& one : connections_) one->half_open();
    }

    weather& sky(direction way) { return skies_[static_cast<std::size_t>(way)]; }
    std::uint16_t port() const noexcept { return port_; }
    std::size_t connections() const noexcept { return connections_.size(); }

private:
    void take_next() {
        acceptor_.async_accept([this](boost::system::error_code failure, tcp::socket client) {
            if (failure == asio::error::operation_aborted) return;
            if (!failure) connect(std::make_shared<tcp::socket>(std::move(client)));
            take_next();
        });
    }

    void connect(const std::shared_ptr<tcp::socket>& client) {
        auto target = std::make_shared<tcp::socket>(io_);
        target->async_connect(target_, [this, client, target, cuts = cuts_](boost::system::error_code failure) {
            if (!failure && cuts == cuts_) return adopt(std::move(*client), std::move(*target));
            for (auto* one : {client.get(), target.get()}) {
                boost::system::error_code ignored;
                one->set_option(asio::socket_base::linger{true, 0}, ignored);
            }
        });
    }

    void adopt(tcp::socket client, tcp::socket target) {
        auto name = std::make_shared<std::weak_ptr<proxied_connection>>();
        auto one = std::make_shared<proxied_connection>(std::move(client), std::move(target), sky(direction::to_target),
                                                        sky(direction::to_client),
                                                        [this, name] { connections_.erase(name->lock()); });
        *name = one;
        connections_.insert(one);
        one->start();
    }

    // Connections refer to the skies, and handlers that io_ still holds to connections: io_ is destroyed first of
    // these.
    std::array<weather, 2> skies_;
    tcp::endpoint target_;
    std::uint16_t port_;
    asio::io_context io_;
    asio::executor_work_guard<asio::io_context::executor_type> open_ = asio::make_work_guard(io_);
    tcp::acceptor acceptor_;
    std::set<std::shared_ptr<proxied_connection>> connections_;
    std::uint64_t cuts_ = 0;
    std::thread thread_;
};

tcp_proxy::tcp_proxy(std::uint16_t target_port) : network_(std::make_unique<network>(target_port)) {}
tcp_proxy::~tcp_proxy() = default;

std::uint16_t tcp_proxy::port() const noexcept {
    return network_->port();
}

void tcp_proxy::cut() {
    network_->on_thread([this] { network_->cut(); });
}

void tcp_proxy::refuse() {
    network_->on_thread([this] { network_->refuse(); });
}

void tcp_proxy::accept() {
    network_->on_thread([this] { network_->listen(); });
}

void tcp_proxy::half_open() {
    network_->on_thread([this] { network_->half_open(); });
}

void tcp_proxy::delay(std::chrono::milliseconds by) {
    network_->on_thread([this, by] {
        network_->sky(direction::to_target).late = by;
        network_->sky(direction::to_client).late = by;
    });
}

void tcp_proxy::hold(direction way, std::size_t after_bytes) {
    network_->on_thread([this, way, after_bytes] {
        network_->sky(way).holding = true;
        network_->sky(way).allowed = after_bytes;
    });
}

void tcp_proxy::release(direction way) {
    network_->on_thread([this, way] {
        network_->sky(way).holding = false;
        network_->move();
    });
}

void tcp_proxy::hold_everything() {
    hold(direction::to_target);
    hold(direction::to_client);
}

void tcp_proxy::release_everything() {
    release(direction::to_target);
    release(direction::to_client);
}

std::size_t tcp_proxy::connections() const {
    return network_->on_thread([this] { return network_->connections(); });
}

std::size_t tcp_proxy::carried(direction way) const {
    return network_->on_thread([this, way] { return network_->sky(way).carried; });
}

std::size_t tcp_proxy::held(direction way) const {
    return network_->on_thread([this, way] { return network_->sky(way).held; });
}

}  // namespace penholder::testing
