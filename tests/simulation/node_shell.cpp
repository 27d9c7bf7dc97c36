#include "node_shell.hpp"

#include "world.hpp"

#include <algorithm>
#include <utility>
#include <variant>

namespace penholder::simulation {

namespace event = group::event;

namespace {

/// Told by a process that takes over from its own earlier life as by one that a dead leader's address has refused.
bool proves_leader_dead(const group::action::log& what) {
    const auto led = [](const group::action::log::field& each) { return each.first == "led_term"; };
    return what.event == "leader_dead" ||
           (what.event == "earlier_life_replaced" && std::ranges::any_of(what.fields, led));
}

}  // namespace

node_shell::node_shell(location where, group::machine_options options, std::shared_ptr<session> ensemble)
    : where_(where),
      node_(options.self.node),
      window_(options.link.max_in_flight),
      seed_(options.life.value),
      machine_(options, present().local_now()),
      session_(std::move(ensemble)),
      database_(options.group, options.self.node, options.self.endpoint,
                [this](group::any_event what) { on(std::move(what)); }) {}

/// The process's own clock; for people, the world's, so that a seed leaves the same words each time.
group::instant node_shell::now() const {
    const auto since =
        std::chrono::duration_cast<std::chrono::system_clock::duration>(present().now().time_since_epoch());
    return {present().local_now(), std::chrono::system_clock::time_point(since)};
}

database_client::teller node_shell::teller() {
    return [weak = weak_from_this()](group::any_event what) {
        if (const auto self = weak.lock()) self->on(std::move(what));
    };
}

void node_shell::start() {
    session_->tell_to(teller());
    on(event::start{});
}

void node_shell::stop(std::function<void()> done) {
    on_stopped_ = std::move(done);
    on(event::stop{});
}

void node_shell::submit(write what, receipt_taker done) {
    const auto from = next_ticket();
    callers_.emplace(from, std::move(done));
    on(event::submit{from, std::move(what)});
}

void node_shell::find(const std::string& id, finding_taker done) {
    const auto from = next_ticket();
    finders_.emplace(from, std::move(done));
    on(event::find{from, id});
}

void node_shell::resign(std::chrono::milliseconds within) {
    on(event::resign{next_ticket(), within});
}

void node_shell::serve(const wire::request_body& asked, responder respond) {
    const auto from = next_ticket();
    peers_.emplace(from, std::move(respond));
    on(event::peer_asked{from, asked});
}

void node_shell::take_link(const network::connection& over) {
    if (!over->leader.open) return;
    over->leader.on_lost = [weak = weak_from_this()](wire::loss, const std::string&) {
        const auto self = weak.lock();
        if (self) self->on(event::followers_linked{--self->links_});
    };
    on(event::followers_linked{++links_});
}

void node_shell::on(group::any_event what) {
    const auto alive = shared_from_this();
    events_.drive(std::move(what), [this](group::any_event next) {
        for (auto& each : machine_.on(std::move(next), now())) {
            std::visit([this](auto& one) { carry_out(one); }, each);
        }
    });
    arm();
}

void node_shell::arm() {
    const auto wanted = machine_.next_deadline();
    if (!wanted || (armed_ && *armed_ <= *wanted)) return;
    armed_ = wanted;
    present().at(present().to_world(*wanted), where_, task([weak = weak_from_this(), due = *wanted] {
                     const auto self = weak.lock();
                     if (!self || self->armed_ != due) return;
                     self->armed_.reset();
                     self->on(event::time_passed{});
                 }));
}

/// Operators' requests reach `control` by the world's own hand, so nobody asks by this.
void node_shell::carry_out(const group::action::request_handover& what) {
    on(event::handover_requested{what.from, error{errc::refused, "the simulation writes requests itself"}});
}

void node_shell::carry_out(const group::action::open_link& what) {
    link_ = std::make_shared<follower_link>(what.link, what.target, window_, seed_, teller());
    link_->start();
}

/// Groups are small here, so no link is left to itself.
void node_shell::carry_out(const group::action::hurry_link&) {}

void node_shell::carry_out(const group::action::close_link&) {
    if (const auto old = std::exchange(link_, nullptr)) old->close();
}

void node_shell::carry_out(group::action::send& what) {
    if (link_ && link_->send(what.what)) return;
    on(event::not_sent{std::move(what.what), link_ && link_->is_up()});
}

// Callers hear of their answers a little later, as the host of a node does.

void node_shell::carry_out(const group::action::log& what) {
    if (proves_leader_dead(what)) the_world().observed.leader_dead();
}

void node_shell::carry_out(const group::action::answer_write& what) {
    auto caller = callers_.extract(what.to);
    if (!caller) return;
    present().after({}, where_, [done = std::move(caller.mapped()), said = what.what] { done(said); });
}

void node_shell::carry_out(const group::action::answer_find& what) {
    auto finder = finders_.extract(what.to);
    if (!finder) return;
    present().after({}, where_, [done = std::move(finder.mapped()), found = what.what] { done(found); });
}

void node_shell::carry_out(group::action::answer_peer& what) {
    if (auto peer = peers_.extract(what.to)) peer.mapped()(std::move(what.what));
}

void node_shell::carry_out(const group::action::stopped&) {
    if (on_stopped_) present().after({}, where_, std::exchange(on_stopped_, nullptr));
}

group_status node_shell::status() const {
    auto status = machine_.status();
    database_.describe(status);
    return status;
}

}  // namespace penholder::simulation
