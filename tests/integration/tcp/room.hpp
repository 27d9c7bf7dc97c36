#pragma once

#include "tcp/link.hpp"
#include "tcp/link_security.hpp"
#include "tcp/listener.hpp"
#include "wire/codec.hpp"

#include <boost/asio.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace penholder::testing {

namespace asio = boost::asio;
using namespace std::chrono_literals;

/// Runs the executor until `wanted` holds; false when that takes longer than `within`.
inline bool eventually(asio::io_context& io, const std::function<bool()>& wanted,
                       std::chrono::milliseconds within = 10s) {
    const auto end = std::chrono::steady_clock::now() + within;
    while (!wanted()) {
        if (std::chrono::steady_clock::now() > end) return false;
        if (io.stopped()) io.restart();
        io.run_one_for(5ms);
    }
    return true;
}

/// Both ends run in one thread of a machine that may be busy: who is silent for less than this is only kept waiting.
inline link_options quick_options() {
    link_options made;
    made.ping_interval_ms = 50;
    made.silence_timeout_ms = 10'000;
    made.handshake_timeout_ms = 300;
    made.max_frame_bytes = 64 * 1024;
    return made;
}

/// For tests of silence itself.
inline link_options impatient_options() {
    auto made = quick_options();
    made.silence_timeout_ms = 300;
    return made;
}

inline write_answer committed_as(const std::string& id) {
    receipt done;
    done.write_id = id;
    done.outcome = outcome::committed;
    return decided(done);
}

inline const write_answer& answer_in(const wire::reply& from) {
    return std::get<write_answer>(from.what);
}

inline const wire::find_result& found_in(const wire::reply& from) {
    return std::get<wire::find_result>(from.what);
}

/// A listener "n2" that commits every write at once, unless a test says otherwise.
struct leader_end {
    explicit leader_end(asio::io_context& io, link_options settings = quick_options())
        : security(tcp::make_link_security(settings, "n2").value()),
          listening(std::make_shared<tcp::listener>(io.get_executor(), tcp::listener_identity{"n2", life}, settings,
                                                    security, handlers())) {
        endpoint = listening->start().value();
    }
    ~leader_end() { listening->stop(); }

    tcp::listener_handlers handlers() {
        return {[](const std::string& group) { return group == "orders"; },
                [this](const std::string&) { return accepting; },
                [this](const std::string&, wire::request_body asked, tcp::responder respond) {
                    ++requests;
                    if (auto* write = std::get_if<wire::submit>(&asked)) {
                        return on_submit(std::move(*write), std::move(respond));
                    }
                    respond(wire::find_result{committed_as(std::get<wire::find>(asked).id).receipt, {}, {}});
                },
                [this](const std::string& group, std::size_t links) {
                    if (group == "orders") link_counts.push_back(links);
                }};
    }

    incarnation life{0xBEEF};
    bool accepting = true;  ///< Not as a leader that is not serving yet.
    std::size_t requests = 0;
    std::vector<std::size_t> link_counts;  ///< As it was told them.
    std::function<void(wire::submit, tcp::responder)> on_submit = [](wire::submit request, tcp::responder respond) {
        respond(committed_as(request.id));
    };
    std::shared_ptr<tcp::link_security> security;
    std::shared_ptr<tcp::listener> listening;
    std::string endpoint;
};

/// A link from "n1" that remembers what happened to it.
struct follower_end {
    follower_end(asio::io_context& io, std::string endpoint, link_options settings = quick_options(),
                 std::function<void(tcp::link_target&)> change = {}) {
        tcp::link_target target{"orders", "n1", {0xF00D}, {5}, "n2", {}, std::move(endpoint)};
        if (change) change(target);
        linked = std::make_shared<tcp::link>(io.get_executor(), target, settings,
                                             tcp::make_link_security(settings, "n1").value(), handlers());
        linked->start();
    }
    ~follower_end() { linked->close(); }

    tcp::link_handlers handlers() {
        return {[this] { ++ups; }, [this](const tcp::link_loss& why) { losses.push_back(why); },
                [this](wire::reply reply) {
                    auto& where = std::holds_alternative<write_answer>(reply.what) ? replies : found;
                    where.push_back(std::move(reply));
                }};
    }

    bool send(std::uint64_t request_id) {
        penholder::write what("w" + std::to_string(request_id));
        what.add("SELECT $1", request_id);
        return linked->send(
            {request_id, wire::submit{what.id(), std::make_shared<const penholder::write>(what), {}, 1000}});
    }

    bool met(tcp::loss how) const {
        return std::ranges::any_of(losses, [how](const auto& one) { return one.how == how; });
    }

    std::shared_ptr<tcp::link> linked;
    int ups = 0;
    std::vector<tcp::link_loss> losses;
    std::vector<wire::reply> replies;  ///< To writes.
    std::vector<wire::reply> found;    ///< To questions.
};

/// A socket that says what a test wants it to say.
struct raw_peer {
    raw_peer(asio::io_context& io, const std::string& endpoint) : socket(io) {
        const auto port = static_cast<std::uint16_t>(std::stoi(endpoint.substr(endpoint.rfind(':') + 1)));
        socket.connect({asio::ip::address_v4::loopback(), port});
        read();
    }

    void say(const std::string& bytes) {
        boost::system::error_code ignored;
        asio::write(socket, asio::buffer(bytes), ignored);
    }

    void read() {
        socket.async_read_some(asio::buffer(buffer), [this](boost::system::error_code failed, std::size_t bytes) {
            if (failed == asio::error::operation_aborted) return;
            if (failed) {
                ended = true;
                return;
            }
            heard.append(buffer.data(), bytes);
            read();
        });
    }

    asio::ip::tcp::socket socket;
    std::array<char, 4096> buffer{};
    std::string heard;
    bool ended = false;
};

}  // namespace penholder::testing
