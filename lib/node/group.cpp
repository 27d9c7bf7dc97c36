#include "group.hpp"

#include "base/log.hpp"
#include "base/version.hpp"
#include "check_options.hpp"

#include <boost/asio/post.hpp>

#include <utility>

namespace penholder {
namespace {

using steady = steady_clock;

/// Calls `tell` with the group if it still exists.
template <class Tell>
auto if_alive(std::weak_ptr<group> whom, Tell tell) {
    return [whom = std::move(whom), tell = std::move(tell)](auto&&... news) {
        if (const auto alive = whom.lock()) tell(*alive, std::forward<decltype(news)>(news)...);
    };
}

}  // namespace

group::group(place where, group_options settings, zookeeper::session& session, postgres::workers& threads)
    : where_(std::move(where)), settings_(std::move(settings)), session_(session) {
    if (!settings_.database.empty()) {
        database_ = std::make_shared<postgres::database>(where_.strand, threads, settings_);
    }
    now_.group = settings_.name;
}

void group::start() {
    if (database_) {
        tenure_ = std::make_shared<tenure>(where_.strand, database_, where_.node, where_.endpoint, listen_to_tenure());
        standing_ =
            std::make_shared<standing>(where_.strand, database_, settings_.name, where_.node, listen_to_standing());
    }
    path_ = std::make_shared<write_path>(where_, settings_, database_, tenure_, listen_to_path());
    campaign_ = std::make_unique<campaign>(session_, candidacy(), listen_to_campaign());
    campaign_->start();
    if (standing_ && !settings_.observer) standing_->start();
}

// Wiring: who tells whom what.

campaign_options group::candidacy() const {
    campaign_options options;
    options.root = where_.zookeeper.root;
    options.group = settings_.name;
    options.node = where_.node;
    options.life = where_.life;
    options.endpoint = where_.endpoint;
    options.http_endpoint = where_.http_endpoint;
    options.priority = settings_.priority;
    options.observer = settings_.observer;
    options.version = version;
    options.started_at = where_.started_at;
    options.settings = shared_settings(settings_, where_.zookeeper);
    options.has_database = database_ != nullptr;
    options.max_evictions = settings_.takeover == "obituary" ? settings_.takeover_max_evictions : 0;
    options.evictions_within = std::chrono::seconds(settings_.takeover_window_s);
    return options;
}

campaign_handlers group::listen_to_campaign() {
    const auto me = weak_from_this();
    campaign_handlers handlers;
    handlers.on_leadership = if_alive(me, [](group& self, const leadership& now) { self.leadership_changed(now); });
    handlers.on_elected = if_alive(me, [](group& self, std::uint64_t term) { self.elected(term); });
    handlers.on_drain = if_alive(me, [](group& self, std::uint64_t term, std::function<void()> drained) {
        self.drain(term, std::move(drained));
    });
    handlers.on_members = if_alive(me, [](group& self, const std::vector<member>& members) {
        if (self.where_.hooks.members) self.where_.hooks.members(self.settings_.name, members);
    });
    return handlers;
}

tenure_handlers group::listen_to_tenure() {
    const auto me = weak_from_this();
    tenure_handlers handlers;
    handlers.on_fence_raised = if_alive(me, [](group& self, std::uint64_t term) {
        self.timeline_.fenced(steady::now());
        self.campaign_->fence_raised(term);
    });
    handlers.on_first_commit = if_alive(me, [](group& self) { self.tell_timeline(steady::now()); });
    handlers.on_fence_failed =
        if_alive(me, [](group& self, std::uint64_t term, error why, std::optional<std::uint64_t> seen) {
            self.campaign_->fence_failed(term, std::move(why), seen);
        });
    handlers.on_lane_open = if_alive(me, [](group& self) { self.standing_->lane_opened(); });
    handlers.on_lane_lost = if_alive(me, [](group& self, error why) { self.standing_->lane_lost(std::move(why)); });
    handlers.on_fenced = if_alive(me, [](group& self, const postgres::fence_record& holder) {
        log().warn("fenced group={} node={} by={} term={}", self.settings_.name, self.where_.node, holder.leader,
                   holder.term.value);
        self.campaign_->fenced(holder.term.value, holder.leader, holder.endpoint);
    });
    return handlers;
}

standing_handlers group::listen_to_standing() {
    const auto me = weak_from_this();
    return {if_alive(me, [](group& self, bool eligible) { self.campaign_->set_eligible(eligible); }),
            if_alive(me, [](group& self, std::uint64_t term) { self.campaign_->database_term(term); })};
}

path_handlers group::listen_to_path() {
    const auto me = weak_from_this();
    path_handlers handlers;
    handlers.on_hint = if_alive(me, [](group& self, const leader_hint& hint) { self.hinted(hint); });
    handlers.on_link_lost = if_alive(me, [](group& self) { self.timeline_.detected(steady::now()); });
    handlers.on_link_up = if_alive(me, [](group& self, std::uint64_t term) {
        self.timeline_.settled();
        self.last_death_ = {};
        self.campaign_->leader_heard(term);
    });
    handlers.on_obituary = if_alive(me, [](group& self, const election::obituary& of) { self.leader_died(of); });
    return handlers;
}

// What the election says.

void group::elected(std::uint64_t term) {
    if (tenure_) step_down();
    timeline_.elected(steady::now());
    if (!tenure_) return campaign_->fence_raised(term);
    tenure_->begin(term);
}

void group::drain(std::uint64_t term, std::function<void()> drained) {
    if (!tenure_ || now_.term != term) return boost::asio::post(where_.strand, std::move(drained));
    path_->wait_for_leader();
    tenure_->drain(std::move(drained));
}

void group::leadership_changed(const leadership& now) {
    const auto before = std::exchange(now_, now);
    if (before.leader != now.leader || before.term != now.term) ++leader_changes_;
    if (before.leader != now.leader && before.leader != where_.node) timeline_.detected(steady::now());
    if (before.is_leader() && !now.is_leader() && tenure_) step_down();
    if (!before.is_leader() && now.is_leader()) timeline_.serving(steady::now());
    if (now.is_leader() && !tenure_) tell_timeline({});
    if (now.is_leader()) {
        if (tenure_ && tenure_->lane() != nullptr) path_->lead(now.term);
    } else if (now.leader_serving && now.leader != where_.node) {
        path_->follow(now.term, now.leader, now.endpoint);
    } else {
        path_->wait_for_leader();
        if (!now.leader.empty() && now.leader != where_.node) path_->approach(now.term, now.leader, now.endpoint);
    }
    if (before.role == role::fencing && now.role != role::fencing) where_.door_changed();
    if (where_.hooks.leadership) where_.hooks.leadership(now);
}

/// The database or another node knows of a newer leader than the ensemble has shown us, perhaps because we cannot see
/// it.
void group::hinted(const leader_hint& hint) {
    if (hint.term.value <= now_.term || hint.endpoint.empty() || hint.node == where_.node) return;
    path_->follow(hint.term.value, hint.node, hint.endpoint);
}

/// Whoever is next in succession evicts that leader; everybody else waits for it.
void group::leader_died(const election::obituary& of) {
    if (of == last_death_) return;
    last_death_ = of;
    ++obituaries_;
    log().warn("leader_dead group={} node={} leader={} term={} incarnation={} evidence=\"{}\"", settings_.name,
               where_.node, of.node, of.term, of.incarnation, of.evidence);
    campaign_->leader_died(of);
}

void group::tell_timeline(std::optional<change_timeline::time_point> first_write) {
    const auto told = timeline_.tell(first_write);
    if (!told) return;
    log().info("leader_change group={} node={} term={} {}", settings_.name, where_.node, now_.term, *told);
}

void group::step_down() {
    tell_timeline({});
    if (const auto* lane = tenure_->lane()) {
        batches_before_ += lane->counters().batches;
        standing_->lane_closed();
    }
    tenure_->step_down();
}

// What the host asks for.

void group::handover(const std::string& heir, std::chrono::milliseconds within, answer<leadership> done) {
    campaign_->handover(heir, within, std::move(done));
}

void group::resign(std::chrono::milliseconds within, answer<leadership> done) {
    campaign_->resign(within, std::move(done));
}

void group::pause(bool paused, answer<> done) {
    campaign_->pause(paused, std::move(done));
}

void group::history(answer<std::vector<term_record>> done) {
    campaign_->history(std::move(done));
}

void group::stop(std::function<void()> done) {
    path_->refuse_new();
    campaign_->stop([self = shared_from_this(), done = std::move(done)] {
        self->path_->when_answered([self, done] {
            self->close();
            done();
        });
    });
}

void group::close() {
    if (standing_) standing_->stop();
    if (tenure_) tenure_->end();
    if (path_) path_->close();
    campaign_.reset();
}

group_status group::status(std::size_t links) const {
    group_status status;
    status.now = now_;
    status.leader_changes = leader_changes_;
    status.obituaries = obituaries_;
    status.database_connected = standing_ && standing_->database_reachable();
    if (campaign_) {
        status.leader_since = campaign_->leader_since();
        status.eligible = campaign_->eligible();
        status.evictions = campaign_->evictions();
        status.paused = campaign_->paused();
        status.members = campaign_->members();
    }
    status.links = links;
    status.trouble = trouble();
    if (!path_) return status;
    status.counters = path_->counters();
    status.pending_writes = path_->pending();
    status.link_connected = now_.is_leader() || path_->linked();
    status.last_contact_ms = path_->last_contact_ms();
    status.counters.batches = batches_before_;
    if (const auto* lane = tenure_ ? tenure_->lane() : nullptr) {
        status.counters.batches += lane->counters().batches;
        status.queued_writes = lane->queued();
        status.queue_wait_ms = lane->expected_wait().count();
    }
    return status;
}

std::string group::trouble() const {
    if (campaign_ && campaign_->trouble()) return campaign_->trouble()->message;
    if (standing_ && standing_->trouble()) return standing_->trouble()->message;
    return path_ && !now_.is_leader() ? path_->link_trouble() : std::string();
}

}  // namespace penholder
