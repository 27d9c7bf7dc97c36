// The other half of write_path: asking the ledger for the receipt of a write id, wherever the leader is.
#include "write_path.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include <utility>
#include <variant>

namespace penholder {
namespace {

namespace asio = boost::asio;

constexpr auto search_timeout = std::chrono::seconds(2);

error nobody_leads(const std::string& group, const std::string& last) {
    return {errc::no_leader, "group '" + group + "' has no leader now" +
                                 (last.empty() ? std::string() : "; '" + last + "' led last") + "; ask again"};
}

}  // namespace

void write_path::find(const std::string& write_id, answer<std::optional<receipt>> done) {
    if (!database_)
        return done(error{errc::invalid_argument, "group '" + group_ + "' has no database, so no receipts"});
    const auto where = router_.current_route();
    if (std::holds_alternative<route_here>(where)) return find_here(write_id, std::move(done));
    if (const auto* there = std::get_if<route_there>(&where)) {
        if (there->linked) return find_there(write_id, std::move(done));
        return done(nobody_leads(group_, there->node));
    }
    done(nobody_leads(group_, std::get<route_nowhere>(where).last));
}

void write_path::find_here(std::string write_id, answer<std::optional<receipt>> done) {
    asio::co_spawn(
        where_.strand,
        [](std::shared_ptr<postgres::database> database, std::string id,
           answer<std::optional<receipt>> tell) -> asio::awaitable<void> {
            tell(co_await database->find(std::move(id)));
        }(database_, std::move(write_id), std::move(done)),
        asio::detached);
}

void write_path::find_there(const std::string& write_id, answer<std::optional<receipt>> done) {
    const auto number = ++last_ticket_;
    if (!link_ || !link_->send(wire::find_request{number, write_id})) {
        return done(error{errc::overloaded, "the link to the leader has no room for another request; ask again"});
    }
    finders_.emplace(number, std::move(done));
    auto timer = std::make_shared<steady_timer>(where_.strand, search_timeout);
    timer->async_wait([self = weak_from_this(), number, timer](boost::system::error_code) {
        if (const auto alive = self.lock()) {
            alive->found(
                {number, std::nullopt, error{errc::no_leader, "the leader did not answer in time; ask again"}, {}});
        }
    });
}

void write_path::found(const wire::find_reply& reply) {
    auto finder = finders_.extract(reply.request_id);
    if (!finder) return;
    if (reply.failed) return finder.mapped()(*reply.failed);
    finder.mapped()(reply.found);
}

void write_path::find_for(const wire::find_request& request, tcp::find_responder reply) {
    if (!database_ || !std::holds_alternative<route_here>(router_.current_route())) {
        return reply({request.request_id, std::nullopt, error{errc::not_leader, "this node does not lead now"}, {}});
    }
    find_here(request.id, [reply = std::move(reply), number = request.request_id](result<std::optional<receipt>> got) {
        if (!got) return reply({number, std::nullopt, got.error(), {}});
        reply({number, std::move(*got), std::nullopt, {}});
    });
}

}  // namespace penholder
