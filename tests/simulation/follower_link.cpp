#include "follower_link.hpp"

#include "node_shell.hpp"
#include "world.hpp"

#include <algorithm>
#include <utility>

namespace penholder::simulation {

using namespace std::chrono_literals;
using wire::loss;

namespace {

duration round_trip() {
    return 2 * the_world().chance.between(20us, the_world().conditions.link_latency);
}

}  // namespace

follower_link::follower_link(group::link_id id, group::link_target target, std::size_t window, std::uint64_t seed,
                             teller tell)
    : here_(present().here()),
      id_(id),
      target_(std::move(target)),
      window_(window),
      tell_(std::move(tell)),
      pauses_(2ms, 500ms, seed) {}

follower_link::~follower_link() {
    if (up_ && present().alive(here_)) the_world().links.part(up_, true, loss::closed, "not wanted any more");
}

template <class Work>
void follower_link::later(duration delay, Work work) {
    present().after(delay, here_, [weak = weak_from_this(), work = std::move(work)]() mutable {
        const auto self = weak.lock();
        if (self && !self->closed_) work(*self);
    });
}

void follower_link::start() {
    later({}, [](follower_link& self) { self.attempt(); });
}

void follower_link::close() {
    closed_ = true;
    if (const auto over = std::exchange(up_, nullptr)) {
        the_world().links.part(over, true, loss::closed, "not wanted any more");
    }
}

void follower_link::attempt() {
    auto& links = the_world().links;
    auto* whom = links.find(target_.endpoint);
    if (whom == nullptr) return went_down(loss::reset, "no such host", false);
    const bool reached = links.reaches(here_.place, whom->where.place) && links.reaches(whom->where.place, here_.place);
    if (!reached || whom->where.place == the_world().conditions.unreachable) {
        return later(silence, [](follower_link& self) { self.went_down(loss::silent, "timed out", false); });
    }
    const bool feigns = whom->feigns_death_until > present().now();
    if (!present().alive(whom->where) || !whom->accepting || feigns) {
        whom->refused = true;
        return later(round_trip(),
                     [](follower_link& self) { self.went_down(loss::refused, "connection refused", false); });
    }
    if (present().paused(whom->where.place)) {
        return later(silence, [](follower_link& self) { self.went_down(loss::silent, "not greeted", false); });
    }
    greet(*whom);
}

void follower_link::greet(const listening& whom) {
    const bool replaced = whom.node != target_.leader || (target_.leader_life && *target_.leader_life != whom.life);
    later(2 * round_trip(), [whom, replaced](follower_link& self) {
        if (!present().alive(whom.where)) return self.went_down(loss::reset, "closed while greeting", false);
        if (!whom.serves->accepts_links()) return self.greet(whom);
        if (replaced) return self.went_down(loss::replaced, "somebody else answered", false, whom.life);
        self.target_.leader_life = whom.life;
        const auto over = the_world().links.establish(self.here_, whom.where);
        present().after({}, whom.where, [leader = whom.serves->weak_from_this(), over] {
            if (const auto alive = leader.lock()) alive->take_link(over);
        });
        self.came_up(over);
    });
}

void follower_link::came_up(network::connection over) {
    over->follower.on_lost = [weak = weak_from_this(), over = over.get()](loss how, const std::string& why) {
        const auto self = weak.lock();
        if (self && self->up_.get() == over) self->went_down(how, why, true);
    };
    up_ = std::move(over);
    window_ = wire::request_window(window_.writes());
    up_since_ = present().now();
    tell_(group::event::link_up{id_, *target_.leader_life, window_.writes()});
}

void follower_link::went_down(loss how, std::string why, bool was_up, std::optional<incarnation> met) {
    up_ = nullptr;
    const bool steady = was_up && present().now() - up_since_ >= 100ms;
    if (steady) pauses_.reset();
    tell_(group::event::link_lost{id_, {how, {errc::link_lost, std::move(why)}, was_up, met}});
    if (!closed_) later(steady ? 0ms : pauses_.next(), [](follower_link& self) { self.attempt(); });
}

bool follower_link::send(const wire::request& asked) {
    if (!up_ || !window_.has_room(asked.what)) return false;
    window_.sent(asked.what);
    the_world().observed.asks_leader(here_.place);
    const auto* whom = the_world().links.find(target_.endpoint);
    the_world().links.send(up_, true, [weak = weak_from_this(), over = up_, whom, asked, from = here_] {
        if (const auto* write = std::get_if<wire::submit>(&asked.what)) {
            the_world().observed.forwarded(from.place, write->id);
        }
        const auto respond = [weak, over, id = asked.id](wire::reply_body made) {
            the_world().links.send(over, false, [weak, over, id, made = std::move(made)] {
                const auto self = weak.lock();
                if (!self || self->up_ != over) return;
                self->window_.replied(made);
                self->tell_(group::event::link_replied{{id, made}});
            });
        };
        whom->serves->serve(asked.what, respond);
    });
    return true;
}

}  // namespace penholder::simulation
