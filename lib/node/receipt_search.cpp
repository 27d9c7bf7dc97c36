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
constexpr std::size_t max_searches = 256;

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

/// The searches wait for one connection: as many as wait for it now are enough, and none is waited for longer than its
/// caller does.
void write_path::find_here(std::string write_id, answer<std::optional<receipt>> done) {
    if (searches_ >= max_searches) {
        return done(error{errc::overloaded, std::to_string(searches_) +
                                                " receipts are being looked for already; ask again a little later"});
    }
    ++searches_;
    const auto number = ++last_ticket_;
    expect(number, std::move(done),
           {errc::database_unreachable, "the database did not show the ledger in time; ask again"});
    asio::co_spawn(
        context_.strand,
        [](std::shared_ptr<write_path> self, std::string id, std::uint64_t which) -> asio::awaitable<void> {
            auto what = co_await self->database_->find(std::move(id));
            --self->searches_;
            self->found(which, std::move(what));
        }(shared_from_this(), std::move(write_id), number),
        asio::detached);
}

void write_path::find_there(const std::string& write_id, answer<std::optional<receipt>> done) {
    const auto number = ++last_ticket_;
    if (!link_ || !link_->send({number, wire::find{write_id}})) {
        return done(error{errc::overloaded, "the link to the leader has no room for another request; ask again"});
    }
    expect(number, std::move(done), {errc::no_leader, "the leader did not answer in time; ask again"});
}

void write_path::expect(std::uint64_t number, answer<std::optional<receipt>> done, error if_late) {
    auto limit = std::make_unique<steady_timer>(context_.strand, search_timeout);
    limit->async_wait(
        [self = weak_from_this(), number, late = std::move(if_late)](boost::system::error_code cancelled) {
            const auto alive = self.lock();
            if (!cancelled && alive) alive->found(number, late);
        });
    finders_.emplace(number, finder{std::move(done), std::move(limit)});
}

void write_path::found(std::uint64_t number, result<std::optional<receipt>> what) {
    if (auto waiting = finders_.extract(number)) waiting.mapped().done(std::move(what));
}

void write_path::serve_one(const wire::find& request, const tcp::responder& respond) {
    if (!database_ || !std::holds_alternative<route_here>(router_.current_route())) {
        return respond(wire::find_result{{}, error{errc::not_leader, "this node does not lead now"}, {}});
    }
    find_here(request.id, [respond](result<std::optional<receipt>> got) {
        if (!got) return respond(wire::find_result{{}, got.error(), {}});
        respond(wire::find_result{std::move(*got), {}, {}});
    });
}

}  // namespace penholder
