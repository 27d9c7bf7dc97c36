// The stand-in for the ensemble's client.
#include "zookeeper/session.hpp"

#include "simulation/world.hpp"

#include <algorithm>

namespace penholder::zookeeper {

using namespace std::chrono_literals;
using simulation::duration;
using simulation::present;
using simulation::tell;
using simulation::the_world;

namespace {

duration latency() {
    return the_world().chance.between(50us, the_world().conditions.ensemble_latency);
}

duration session_timeout() {
    return std::chrono::milliseconds(the_world().conditions.session_timeout_ms);
}

failure lost_at(const std::string& path) {
    return {reason::connection_loss, 0, path};
}

}  // namespace

session::session(simulation::whereabouts where) : where_(where) {}

session::~session() = default;

simulation::ensemble& session::at() const {
    return the_world().znodes;
}

void session::open() {
    open_ = true;
    ++generation_;
    connect_soon();
}

void session::close(std::function<void()> done) {
    open_ = false;
    const bool reaches = connected_ && !cut_;
    went_down();
    if (reaches && id_ != 0) at().end_session(id_);
    present().after({}, where_, std::move(done));
}

std::uint64_t session::subscribe(listener who) {
    listeners_.emplace(++subscriptions_, std::move(who));
    return subscriptions_;
}

// Connection.

void session::connect_soon() {
    if (connecting_ || !open_) return;
    connecting_ = true;
    present().after(2 * latency() + the_world().chance.between(0us, 20'000us), [self = shared_from_this()] {
        self->connecting_ = false;
        if (self->open_ && !self->cut_ && !self->connected_ && present().alive(self->where_)) self->connect();
    });
}

/// The ensemble knows at once; the process hears of it when it runs.
void session::connect() {
    ++connection_;
    ++quiet_;
    auto& chance = the_world().chance;
    lag_ = chance.between(0us, the_world().conditions.ensemble_lag);
    if (id_ != 0 && !at().alive(id_)) return expire();
    if (id_ == 0) id_ = at().open_session();
    if (chance.one_in(8)) ++generation_;  // A handle that waited too long was replaced by another for the same session.
    connected_ = true;
    if (present().paused(where_.place)) went_quiet();
    last_sent_ = last_delivered_ = present().now();
    deliver({}, [this] { came_up(); });
}

void session::came_up() {
    tell(session_event::kind::connected, generation_);
}

void session::expire() {
    present().after(latency(), where_, [self = shared_from_this(), old = generation_] {
        if (!self->open_ || self->generation_ != old) return;
        self->tell(session_event::kind::expired, old);
        self->id_ = 0;
        ++self->generation_;
        self->connect_soon();
        if (!the_world().chance.permille(the_world().conditions.late_callback)) return;
        present().after(the_world().chance.between(0us, 300'000us), self->where_, [self, old] {
            self->tell(the_world().chance.one_in(2) ? session_event::kind::suspended : session_event::kind::expired,
                       old);
        });
    });
}

void session::cut() {
    cut_ = true;
    went_quiet();
    const auto noticed = the_world().chance.one_in(2) ? duration{} : session_timeout() * 2 / 3;
    present().after(noticed, where_, [self = shared_from_this(), was = connection_] {
        if (self->connection_ == was) self->went_down();
    });
}

void session::mend() {
    cut_ = false;
    if (!connected_) return connect_soon();
    process_resumed();
}

void session::process_resumed() {
    const bool heard = connected_ && !cut_ && present().alive(where_) && !present().paused(where_.place);
    if (heard) ++quiet_;
}

/// Unless the ensemble hears of the session in time, it ends.
void session::went_quiet() {
    const auto patience = session_timeout() + the_world().chance.between(0us, 50'000us);
    present().after(patience, [self = shared_from_this(), was = ++quiet_, which = id_] {
        if (self->quiet_ == was && self->id_ == which && which != 0 && self->at().alive(which)) self->end_by_ensemble();
    });
}

/// The node hears of it when it can be reached: its connection is closed, and the next one is refused.
void session::end_by_ensemble() {
    simulation::tell(simulation::name_of(where_.place), "the ensemble ends its session");
    at().end_session(id_);
    if (!connected_) return;
    present().after(latency(), where_, [self = shared_from_this(), was = connection_] {
        if (self->connection_ == was) self->went_down();
    });
}

void session::went_down() {
    if (!connected_) return;
    connected_ = false;
    ++connection_;
    const auto lost = std::exchange(pending_, {});
    const bool suspended_first = the_world().chance.one_in(2);
    if (suspended_first) tell(session_event::kind::suspended, generation_);
    for (const auto& [number, lose] : lost) lose();
    if (!suspended_first) tell(session_event::kind::suspended, generation_);
    if (!cut_) connect_soon();
}

void session::tell(session_event::kind what, std::uint64_t generation) {
    if (!present().alive(where_)) return;
    const session_event event{what, generation, id_};
    for (const auto& [key, who] : std::map(listeners_)) {
        if (listeners_.contains(key) && who.on_session) who.on_session(event);
    }
}

// Requests.

/// On this connection, after all that is on its way already.
void session::deliver(duration lag, std::function<void()> what) {
    last_delivered_ = std::max(last_delivered_, present().now() + lag + latency());
    present().at(last_delivered_, where_, simulation::task([self = shared_from_this(), was = connection_, what] {
                     if (self->connection_ == was && !self->cut_) what();
                 }));
}

void session::request(perform what, std::function<void()> lose) {
    if (!connected_) return present().after({}, where_, std::move(lose));
    const auto number = ++requests_;
    pending_.emplace(number, std::move(lose));
    const bool slow = the_world().chance.permille(the_world().conditions.request_slow);
    const auto takes = latency() + (slow ? the_world().chance.between(0us, 250'000us) : 0us);
    last_sent_ = std::max(last_sent_, present().now() + takes);
    present().at(last_sent_, {}, simulation::task([self = shared_from_this(), was = connection_, number, what] {
                     const bool reaches = self->connection_ == was && !self->cut_ && self->at().alive(self->id_);
                     if (!reaches) return;
                     self->writes_ = false;
                     auto reply = what();
                     const bool wrote = self->writes_;
                     if (wrote) self->seen_ = self->at().latest().zxid;
                     if (wrote && the_world().chance.permille(the_world().conditions.reply_lost)) {
                         return self->deliver({}, [self] { self->went_down(); });
                     }
                     self->deliver(wrote ? self->lag_ : duration{}, [self, number, reply] {
                         if (self->pending_.erase(number) != 0) reply();
                     });
                 }));
}

const simulation::moment& session::group_snapshot() {
    const auto& now = at().shown(lag_, seen_);
    seen_ = now.zxid;
    return now;
}

void session::leave_watch(const std::string& path, std::int64_t since) {
    at().watch(path, since,
               [weak = weak_from_this(), life = where_, generation = generation_, which = connection_](
                   const simulation::moment& by, const std::string& where) {
                   const auto self = weak.lock();
                   if (!self || self->connection_ != which) return;
                   const auto behind = std::max<duration>(by.at + self->lag_ - present().now(), duration{});
                   // After the reply to the request that left it.
                   present().after(behind, [self, generation, where, which] {
                       if (self->connection_ == which)
                           self->deliver({}, [self, generation, where] { self->fire(generation, where); });
                   });
               });
}

void session::fire(std::uint64_t generation, const std::string& where) {
    const watch_event event{watch_event::kind::changed, generation, where};
    for (const auto& [key, who] : std::map(listeners_)) {
        if (where.starts_with(who.prefix) && who.on_watch) who.on_watch(event);
    }
}

void session::change(std::vector<operation> steps, std::function<void(reply<std::vector<std::string>>)> done) {
    const auto path = steps.front().path;
    request(
        [this, steps = std::move(steps), done]() -> told {
            writes_ = true;
            return [done, answer = at().transact(id_, steps)] { done(answer); };
        },
        [done, path] { done(lost_at(path)); });
}

void session::get(std::string path, bool watch, std::function<void(reply<znode>)> done) {
    request(
        [this, path, watch, done]() -> told {
            const auto& now = group_snapshot();
            const auto* found = now.find(path);
            if (found == nullptr) return [done, path] { done(failure{reason::no_node, 0, path}); };
            if (watch) leave_watch(path, now.zxid);
            return [done, read = znode{found->data, {found->version, found->owner, found->created, 0}}] { done(read); };
        },
        [done, path] { done(lost_at(path)); });
}

void session::create(std::string path, std::string data, create_mode mode,
                     std::function<void(reply<std::string>)> done) {
    change({operation::create(std::move(path), std::move(data), mode)},
           [done = std::move(done)](const reply<std::vector<std::string>>& made) {
               done(made ? reply<std::string>(made->front()) : reply<std::string>(made.error()));
           });
}

void session::set(std::string path, std::string data, std::int32_t version, std::function<void(reply<stat>)> done) {
    change({operation::set(std::move(path), std::move(data), version)},
           [done = std::move(done)](const reply<std::vector<std::string>>& made) {
               done(made ? reply<stat>(stat{}) : reply<stat>(made.error()));
           });
}

void session::remove(std::string path, std::int32_t version, std::function<void(reply<>)> done) {
    transact({operation::remove(std::move(path), version)}, std::move(done));
}

void session::transact(std::vector<operation> steps, std::function<void(reply<>)> done) {
    change(std::move(steps), [done = std::move(done)](const reply<std::vector<std::string>>& made) {
        done(made ? reply<>() : reply<>(made.error()));
    });
}

void session::create_parents(std::vector<std::string> paths, std::function<void(reply<>)> done) {
    request(
        [this, paths, done]() -> told {
            writes_ = true;
            for (const auto& path : paths) {
                if (at().latest().find(path) != nullptr) continue;
                if (const auto made = at().transact(id_, {operation::create(path, {}, create_mode::persistent)});
                    !made) {
                    return [done, why = made.error()] { done(why); };
                }
            }
            return [done] { done({}); };
        },
        [done, path = paths.front()] { done(lost_at(path)); });
}

}  // namespace penholder::zookeeper
