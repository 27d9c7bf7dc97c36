#include "world.hpp"

#include <type_traits>

namespace penholder::scenario {

namespace action = election::action;
namespace event = election::event;

namespace {

bool changes_something(const election::any_action& question) {
    return !std::holds_alternative<action::read>(question) &&
           !std::holds_alternative<action::watch_candidate>(question);
}

}  // namespace

void world::add(const std::string& name, const participation& how) {
    contestant made;
    made.name = name;
    made.how = how;
    made.incarnation = "incarnation-of-" + name;
    election::elector_options options;
    options.group = "orders";
    options.node = node_of(name);
    options.incarnation = made.incarnation;
    options.endpoint = name + ":7431";
    options.priority = how.priority;
    options.observer = how.observer;
    options.eligible = how.eligible;
    options.most_evictions = how.most_evictions;
    options.looks_at_database = how.has_database;
    made.elector = std::make_unique<election::elector>(options);
    contestants_.insert_or_assign(name, std::move(made));
}

void world::connect(const std::string& name) {
    auto& who = at(name);
    if (who.session == 0) who.session = ++sessions_;
    who.connected = true;
    deliver(who, event::session_up{++who.generation, who.session});
}

void world::suspend(const std::string& name) {
    auto& who = at(name);
    who.connected = false;
    deliver(who, event::session_suspended{who.generation});
}

void world::expire(const std::string& name) {
    end_silently(name);
    auto& who = at(name);
    who.connected = false;
    who.session = 0;
    who.ended = false;
    deliver(who, event::session_expired{who.generation});
}

void world::end_silently(const std::string& name) {
    auto& who = at(name);
    who.ended = true;
    if (std::exchange(who.connected, false)) deliver(who, event::session_suspended{who.generation});
    ensemble_.forget_watches(who.name);
    ensemble_.end_session(who.session);
    spread();
}

void world::kill(const std::string& name) {
    at(name).connected = false;
    end_silently(name);
    contestants_.erase(name);
}

void world::die(const std::string& name) {
    dead_[name] = at(name).session;
    ensemble_.forget_watches(name);
    contestants_.erase(name);
}

void world::end_session_of(const std::string& dead) {
    ensemble_.end_session(dead_.at(dead));
    spread();
}

void world::bring_process_death(const std::string& name, const std::string& incarnation) {
    const auto& leader = ensemble_.leader();
    if (!leader || !leader->record || leader->record->node == node_of(name)) return;
    const auto& record = *leader->record;
    tell(name, event::leader_died{
                   {record.term, record.node, incarnation.empty() ? record.incarnation : incarnation, "its link"}});
}

void world::tell(const std::string& name, const election::any_event& what) {
    deliver(at(name), what);
}

void world::fire(const std::string& name, election::timer which) {
    auto& who = at(name);
    const auto armed = who.timers.extract(which);
    if (armed) deliver(who, event::timer_fired{which, armed.mapped()});
}

void world::pass_time(const std::string& name) {
    const auto armed = at(name).timers;
    for (const auto& [which, ticket] : armed) fire(name, which);
}

void world::fail_fence(const std::string& name, std::optional<term> seen) {
    at(name).fence_fails = true;
    at(name).fence_seen = seen;
}

void world::answer_host(const std::string& name) {
    auto& who = at(name);
    who.host_answers = true;
}

/// A question is carried out and answered in one step, except where its reply is to be lost.
bool world::step(const std::string& name) {
    spread();
    auto& who = at(name);
    if (!who.events.empty()) {
        const auto next = std::move(who.events.front());
        who.events.pop_front();
        deliver(who, next);
        return true;
    }
    if (who.question && who.connected) {
        const auto asked = *std::exchange(who.question, std::nullopt);
        auto& spent = efforts_[name];
        ++spent.questions;
        spent.contests += std::holds_alternative<action::lead>(asked) ? 1 : 0;
        if (const auto* read = std::get_if<action::read>(&asked))
            spent.full_reads += read->scope == election::scope::full ? 1 : 0;
        const auto answer = ensemble_.carry_out(who.name, who.incarnation, who.session, asked);
        if (changes_something(asked) && std::exchange(who.lose_reply, false)) {
            write(name, "(the reply is lost)");
            suspend(name);
        } else {
            deliver(who, answer);
        }
        spread();
        return true;
    }
    if (!who.answers.empty() && who.host_answers) {
        const auto next = std::move(who.answers.front());
        who.answers.pop_front();
        deliver(who, next);
        return true;
    }
    return false;
}

void world::settle() {
    for (bool moved = true; moved;) {
        moved = false;
        for (const auto& name : names()) {
            while (step(name)) moved = true;
        }
    }
}

void world::deliver(contestant& who, const election::any_event& what) {
    if (!who.connected) who.question.reset();
    for (const auto& each : who.elector->on(what)) take(who, each);
}

void world::take(contestant& who, const election::any_action& action) {
    if (const auto line = render(action); !line.empty()) write(who.name, line);
    std::visit(
        [&](const auto& each) {
            using action_type = std::decay_t<decltype(each)>;
            if constexpr (std::is_same_v<action_type, action::arm>) {
                who.timers[each.which] = each.ticket;
            } else if constexpr (std::is_same_v<action_type, action::raise_fence>) {
                who.answers.push_back(raise_fence(who, each.term));
            } else if constexpr (std::is_same_v<action_type, action::drain>) {
                who.answers.push_back(event::drained{each.term});
            } else if constexpr (requires { each.ticket; }) {
                who.question = each;
            }
        },
        action);
}

/// The database knows the highest term that was ever raised, and takes only a higher one.
election::any_event world::raise_fence(contestant& who, term wanted) {
    const error unreachable{errc::database_unreachable, "no route to the database"};
    if (std::exchange(who.fence_fails, false)) return event::fence_failed{wanted, unreachable, who.fence_seen};
    if (wanted <= fence_) return event::fence_failed{wanted, error{errc::fenced, "a newer term stands"}, fence_};
    fence_ = wanted;
    return event::fence_raised{wanted};
}

/// Hands fired watches to those who are connected; the others find out when they read the group again.
void world::spread() {
    for (auto& fired : ensemble_.take_fired()) {
        const auto found = contestants_.find(fired.name);
        if (found == contestants_.end() || !found->second.connected) continue;
        const auto generation = found->second.generation;
        std::visit(
            [&](auto& each) {
                if constexpr (requires { each.generation; }) each.generation = generation;
            },
            fired.event);
        found->second.events.push_back(fired.event);
    }
}

std::vector<std::string> world::names() const {
    std::vector<std::string> all;
    for (const auto& [name, each] : contestants_) all.push_back(name);
    return all;
}

std::vector<std::string> world::serving() const {
    std::vector<std::string> all;
    for (const auto& [name, each] : contestants_) {
        if (each.elector->current().role == role::serving) all.push_back(name);
    }
    return all;
}

void world::write(const std::string& name, const std::string& what) {
    log_ += name + ": " + what + "\n";
}

std::string world::take_log() {
    return std::exchange(log_, {});
}

std::string world::summary() const {
    std::string text;
    for (const auto& [name, each] : contestants_) {
        const auto& now = each.elector->current();
        text += name + " is " + std::string(to_string(now.role));
        text += now.leader.empty() ? ", nobody leads" : ", " + now.leader + " leads term " + std::to_string(now.term);
        text += !now.leader.empty() && !now.leader_serving ? ", not serving yet\n" : "\n";
    }
    return text;
}

}  // namespace penholder::scenario
