#include "election_driver_core.hpp"

#include "base/log_event.hpp"
#include "zookeeper/group_view.hpp"
#include "zookeeper/snapshot_reader.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>

#include <utility>

namespace penholder {
namespace {

namespace event = election::event;

election::elector_options to_elector_options(const election_driver_options& from) {
    election::elector_options options;
    options.group = from.group;
    options.node = from.node;
    options.incarnation = from.life.text();
    options.endpoint = from.endpoint;
    options.priority = from.priority;
    options.observer = from.observer;
    options.eligible = !from.has_database;
    options.seed = from.life.value;
    options.most_evictions = from.max_evictions;
    options.evictions_within = from.evictions_within;
    return options;
}

error in_progress(const std::string& group) {
    return {errc::in_progress,
            "the handover of group " + group + " is still under way; `penholder status` shows how far it is"};
}

}  // namespace

election_driver_core::election_driver_core(zookeeper::session& session, election_driver_options options,
                                           election_driver_handlers handlers)
    : session_(session),
      options_(std::move(options)),
      handlers_(std::move(handlers)),
      paths_(options_.root, options_.group),
      elector_(to_elector_options(options_)) {
    for (std::size_t i = 0; i < election::timers; ++i) timers_.emplace_back(session.get_executor());
}

void election_driver_core::start() {
    if (stopped_ || subscription_ != 0) return;
    subscription_ = session_.subscribe(
        {paths_.group, [this](const auto& what) { on_session(what); }, [this](const auto& what) { on_watch(what); }});
    roster_ = std::make_unique<zookeeper::roster>(session_, paths_, [this](std::vector<member> now) {
        members_ = std::move(now);
        tell<const std::vector<member>&>(&election_driver_handlers::on_members, members_);
    });
    if (session_.connected()) on(event::session_up{session_.generation(), session_.id()});
}

void election_driver_core::leave() {
    stopped_ = true;
    if (subscription_ != 0) session_.unsubscribe(std::exchange(subscription_, 0));
    roster_.reset();
    for (auto& timer : timers_) timer.cancel();
    for (auto& each : std::exchange(stop_waits_, {})) boost::asio::post(session_.get_executor(), std::move(each));
    refuse_waits({errc::shutting_down, "node " + options_.node + " is stopping; ask another node"});
}

void election_driver_core::stop(std::function<void()> done) {
    stop_waits_.push_back(std::move(done));
    if (stopped_) return leave();
    on(event::stop{});
}

/// An action's own consequences wait until the actions of the event before are carried out.
void election_driver_core::on(const election::any_event& what) {
    events_.push_back(what);
    if (std::exchange(busy_, true)) return;
    while (!events_.empty()) {
        const auto next = std::move(events_.front());
        events_.pop_front();
        for (const auto& each : elector_.on(next)) {
            std::visit([this](const auto& action) { carry_out(action); }, each);
        }
        review_waits();
    }
    busy_ = false;
}

void election_driver_core::on_session(const zookeeper::session_event& what) {
    switch (what.what) {
        case zookeeper::session_event::kind::connected: return on(event::session_up{what.generation, what.session_id});
        case zookeeper::session_event::kind::suspended: return on(event::session_suspended{what.generation});
        case zookeeper::session_event::kind::expired: return on(event::session_expired{what.generation});
        case zookeeper::session_event::kind::overdue: return;
    }
}

void election_driver_core::on_watch(const zookeeper::watch_event& what) {
    if (what.path == paths_.leader) return on(event::leader_changed{what.generation});
    if (what.path == paths_.control) return on(event::control_changed{what.generation});
    if (what.path == paths_.member(options_.node)) return on(event::self_changed{what.generation});
    const auto candidates = paths_.candidate("");
    if (what.path.starts_with(candidates)) {
        on(event::candidate_changed{what.generation, what.path.substr(candidates.size())});
    }
}

void election_driver_core::carry_out(const election::action::report& what) {
    const auto& now = what.now;
    log_info("leadership")
        .with("group", now.group)
        .with("node", options_.node)
        .with("role", to_string(now.role))
        .with("term", now.term)
        .with("leader", now.leader)
        .with("serving", now.leader_serving);
    tell<const leadership&>(&election_driver_handlers::on_leadership, now);
}

void election_driver_core::carry_out(const election::action::raise_fence& what) {
    tell<std::uint64_t>(&election_driver_handlers::on_elected, what.term.value);
}

void election_driver_core::carry_out(const election::action::drain& what) {
    auto drained = [weak = weak_from_this(), executor = session_.get_executor(), term = what.term] {
        boost::asio::post(executor, [weak, term] {
            if (const auto self = weak.lock()) self->on(event::drained{term});
        });
    };
    if (!handlers_.on_drain) return drained();
    tell<std::uint64_t, std::function<void()>>(&election_driver_handlers::on_drain, what.term.value,
                                               std::move(drained));
}

void election_driver_core::carry_out(const election::action::refuse& what) {
    refuse_waits(what.why);
}

void election_driver_core::carry_out(const election::action::trouble& what) {
    trouble_ = what.what;
    if (trouble_) {
        log_warn("trouble").with("group", options_.group).with("node", options_.node).with("reason", trouble_->message);
    }
    tell<const std::optional<error>&>(&election_driver_handlers::on_trouble, trouble_);
}

void election_driver_core::carry_out(const election::action::log& what) {
    auto line = log_warn(what.event);
    line.with("group", options_.group).with("node", options_.node);
    for (const auto& [key, value] : what.fields) line.with(key, value);
}

void election_driver_core::carry_out(const election::action::arm& what) {
    auto& timer = timers_[static_cast<std::size_t>(what.which)];
    timer.expires_after(what.delay);
    timer.async_wait([weak = weak_from_this(),
                      fired = event::timer_fired{what.which, what.ticket}](const boost::system::error_code& cut) {
        const auto self = weak.lock();
        if (self && !cut) self->on(fired);
    });
}

void election_driver_core::carry_out(const election::action::stopped&) {
    leave();
}

template <class... Arguments>
void election_driver_core::tell(std::function<void(Arguments...)> election_driver_handlers::*handler,
                                std::decay_t<Arguments>... arguments) {
    if (!(handlers_.*handler)) return;
    boost::asio::post(session_.get_executor(),
                      [weak = weak_from_this(), handler, ... arguments = std::move(arguments)]() mutable {
                          if (const auto self = weak.lock()) (self->handlers_.*handler)(std::move(arguments)...);
                      });
}

void election_driver_core::handover(std::string heir, std::chrono::milliseconds within,
                                    std::function<void(result<leadership>)> done) {
    const auto place = wait(within, std::move(done));
    boost::asio::co_spawn(
        session_.get_executor(), zookeeper::request_handover(session_, options_.root, options_.group, std::move(heir)),
        [weak = weak_from_this(), deadline = std::weak_ptr(place->alive), place](const std::exception_ptr& broken,
                                                                                 const result<term>& asked) {
            const auto self = weak.lock();
            if (!self || deadline.expired()) return;
            if (broken) return self->finish_wait(place, error{errc::internal, "the handover could not be asked for"});
            if (!asked) return self->finish_wait(place, asked.error());
            place->from_term = asked->value;
            self->review_waits();
        });
}

void election_driver_core::resign(std::chrono::milliseconds within, std::function<void(result<leadership>)> done) {
    const auto place = wait(within, std::move(done));
    place->from_term = elector_.current().term;
    on(event::resign{});
}

void election_driver_core::pause(bool paused, std::function<void(result<>)> done) {
    boost::asio::co_spawn(session_.get_executor(),
                          zookeeper::request_pause(session_, options_.root, options_.group, paused),
                          [done = std::move(done)](const std::exception_ptr& broken, result<> outcome) {
                              if (broken) outcome = error{errc::internal, "the request could not be written"};
                              done(std::move(outcome));
                          });
}

void election_driver_core::history(std::function<void(result<std::vector<term_record>>)> done) {
    session_.get(paths_.terms, false, [path = paths_.terms, done = std::move(done)](const auto& read) {
        if (read) return done(election::decode_terms(path, read->data));
        const bool nothing_yet = read.error().why == zookeeper::reason::no_node;
        if (nothing_yet) return done(std::vector<term_record>());
        done(read.error().to_error());
    });
}

/// Of its own leadership a node knows before it has seen `leader` again.
std::string election_driver_core::leader_since() const {
    auto seen = elector_.leader_since();
    const bool own = elector_.current().leader == options_.node;
    return seen.empty() && own ? elected_since_ : seen;
}

election_driver_core::waits::iterator election_driver_core::wait(std::chrono::milliseconds within,
                                                                 std::function<void(result<leadership>)> done) {
    waits_.push_front(
        {0, false, steady_timer(session_.get_executor(), within), std::move(done), std::make_shared<bool>(true)});
    const auto place = waits_.begin();
    place->deadline.async_wait(
        [weak = weak_from_this(), place, alive = std::weak_ptr(place->alive)](const boost::system::error_code& cut) {
            const auto self = weak.lock();
            if (self && !cut && !alive.expired()) self->finish_wait(place, in_progress(self->options_.group));
        });
    return place;
}

void election_driver_core::review_waits() {
    const auto& now = elector_.current();
    const auto& request = elector_.control().handover;
    for (auto each = waits_.begin(); each != waits_.end();) {
        const auto place = each++;
        if (place->from_term == 0) continue;
        const bool stands = request && request->from_term.value == place->from_term;
        const bool same_leader = now.term == place->from_term;
        if (now.term > place->from_term && now.leader_serving) {
            finish_wait(place, now);
        } else if (place->seen && !stands && same_leader) {
            finish_wait(place, error{errc::refused, "the leader of group " + options_.group +
                                                        " did not hand over: the heir could not lead"});
        } else {
            place->seen = place->seen || stands;
        }
    }
}

void election_driver_core::finish_wait(waits::iterator which, result<leadership> outcome) {
    auto done = std::move(which->done);
    waits_.erase(which);
    boost::asio::post(session_.get_executor(),
                      [done = std::move(done), outcome = std::move(outcome)] { done(outcome); });
}

void election_driver_core::refuse_waits(const error& why) {
    while (!waits_.empty()) finish_wait(waits_.begin(), why);
}

}  // namespace penholder
