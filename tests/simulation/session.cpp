#include "session.hpp"

#include "election/records.hpp"
#include "world.hpp"

#include <algorithm>

namespace penholder::simulation {

using namespace std::chrono_literals;
using election::ensemble_reply;

namespace {

duration latency() {
    return the_world().chance.between(50us, the_world().conditions.ensemble_latency);
}

duration session_timeout() {
    return std::chrono::milliseconds(the_world().conditions.session_timeout_ms);
}

}  // namespace

void session::open() {
    open_ = true;
    ++generation_;
    connect_soon();
}

void session::close(std::function<void()> done) {
    open_ = false;
    const bool reaches = connected_ && !cut_;
    went_down();
    if (reaches && id_ != 0) ensemble_.end_session(id_);
    present().after({}, where_, std::move(done));
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
    if (id_ != 0 && !ensemble_.alive(id_)) return expire();
    if (id_ == 0) id_ = ensemble_.open_session();
    if (chance.one_in(8)) ++generation_;  // A handle that waited too long was replaced by another for the same session.
    connected_ = true;
    if (present().paused(where_.place)) went_quiet();
    last_sent_ = last_delivered_ = present().now();
    deliver({}, [this] { came_up(); });
}

void session::came_up() {
    tell_session(election::event::session_up{generation_, id_});
    show_members();
}

void session::show_members() {
    present().after(2ms, where_, [self = shared_from_this(), was = connection_] {
        const bool hears = self->connected_ && self->connection_ == was && !self->cut_;
        if (hears) self->tell(group::event::members_changed{self->ensemble_.members()});
    });
}

void session::expire() {
    present().after(latency(), where_, [self = shared_from_this(), old = generation_] {
        if (!self->open_ || self->generation_ != old) return;
        self->tell_expired(old);
        self->id_ = 0;
        ++self->generation_;
        self->connect_soon();
        if (!the_world().chance.permille(the_world().conditions.late_callback)) return;
        present().after(the_world().chance.between(0us, 300'000us), self->where_, [self, old] {
            the_world().chance.one_in(2) ? self->tell_suspended(old) : self->tell_expired(old);
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
        if (self->quiet_ == was && self->id_ == which && which != 0 && self->ensemble_.alive(which))
            self->end_by_ensemble();
    });
}

/// The node hears of it when it can be reached: its connection is closed, and the next one is refused.
void session::end_by_ensemble() {
    simulation::tell(name_of(where_.place), "the ensemble ends its session");
    ensemble_.end_session(id_);
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
    if (suspended_first) tell_suspended(generation_);
    for (const auto& [number, lose] : lost) lose();
    if (!suspended_first) tell_suspended(generation_);
    tell_overdue_later();
    if (!cut_) connect_soon();
}

void session::tell_overdue_later() {
    present().after(session_timeout(), where_, [self = shared_from_this(), was = connection_] {
        const bool is_down = self->open_ && !self->connected_ && self->connection_ == was && self->id_ != 0;
        if (is_down) self->tell_session(election::event::session_overdue{self->generation_});
    });
}

void session::tell_session(election::any_event what) {
    if (present().alive(where_)) tell(group::event::ensemble{std::move(what)});
}

void session::tell_suspended(std::uint64_t generation) {
    tell_session(election::event::session_suspended{generation});
}

void session::tell_expired(std::uint64_t generation) {
    tell_session(election::event::session_expired{generation});
}

void session::answer(election::ticket ticket, ensemble_reply with) const {
    tell(group::event::ensemble{
        election::event::answered{ticket, with, with == ensemble_reply::done ? "" : "the ensemble refused"}});
}

// Requests.

/// On this connection, after all that is on its way already.
void session::deliver(duration lag, std::function<void()> what) {
    last_delivered_ = std::max(last_delivered_, present().now() + lag + latency());
    present().at(last_delivered_, where_, task([self = shared_from_this(), was = connection_, what] {
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
    present().at(last_sent_, {}, task([self = shared_from_this(), was = connection_, number, what] {
                     const bool reaches = self->connection_ == was && !self->cut_ && self->ensemble_.alive(self->id_);
                     if (!reaches) return;
                     self->writes_ = false;
                     auto reply = what();
                     const bool wrote = self->writes_;
                     if (wrote) self->seen_ = self->ensemble_.latest().zxid;
                     if (wrote && the_world().chance.permille(the_world().conditions.reply_lost)) {
                         return self->deliver({}, [self] { self->went_down(); });
                     }
                     self->deliver(wrote ? self->lag_ : duration{}, [self, number, reply] {
                         if (self->pending_.erase(number) != 0) reply();
                     });
                 }));
}

const moment& session::shown() {
    const auto& now = ensemble_.shown(lag_, seen_);
    seen_ = now.zxid;
    return now;
}

void session::leave_watch(const std::string& path, std::int64_t since) {
    ensemble_.watch(path, since,
                    [weak = weak_from_this(), life = where_, generation = generation_, which = connection_](
                        const moment& by, const std::string& where) {
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
    tell(group::event::znode_changed{generation, where});
}

void session::change(election::ticket ticket, std::function<ensemble_reply()> what) {
    request(
        [self = shared_from_this(), ticket, what = std::move(what)]() -> std::function<void()> {
            self->writes_ = true;
            return [self, ticket, reply = what()] { self->answer(ticket, reply); };
        },
        [self = shared_from_this(), ticket] { self->answer(ticket, ensemble_reply::lost); });
}

void session::carry_out(const group::action::change_znodes& asked) {
    change(asked.ticket, [this, steps = asked.steps] { return ensemble_.transact(id_, steps); });
}

void session::carry_out(const group::action::create_znodes& asked) {
    change(asked.ticket, [this, paths = asked.paths] { return ensemble_.create_persistent(paths); });
}

void session::carry_out(const group::action::watch_znode& asked) {
    request(
        [self = shared_from_this(), asked]() -> std::function<void()> {
            const auto& now = self->shown();
            const auto* found = now.find(asked.path);
            if (found == nullptr) return [self, asked] { self->answer(asked.ticket, ensemble_reply::no_node); };
            self->leave_watch(asked.path, now.zxid);
            const bool same = found->version == asked.version && found->owner == asked.owner;
            return [self, asked, same] {
                self->answer(asked.ticket, same ? ensemble_reply::done : ensemble_reply::bad_version);
            };
        },
        [self = shared_from_this(), asked] { self->answer(asked.ticket, ensemble_reply::lost); });
}

}  // namespace penholder::simulation
