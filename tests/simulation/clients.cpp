#include "clients.hpp"

#include "fleet.hpp"
#include "model/write_id.hpp"
#include "world.hpp"

#include <algorithm>

namespace penholder::simulation {
namespace {

using namespace std::chrono_literals;

constexpr std::chrono::milliseconds grace{250};  ///< The router's own, past a write's deadline.
constexpr std::chrono::milliseconds slack{60};

void broken(std::string what) {
    the_world().observed.violated(std::move(what));
}

bool is_final(const receipt& said) {
    if (said.outcome == outcome::committed) return true;
    if (said.outcome == outcome::unknown) return false;
    return said.why->code == errc::statement_failed || said.why->code == errc::row_count_mismatch;
}

/// The parts of an answer that must be the same however often it is given.
bool same_answer(const receipt& a, const receipt& b) {
    return a.outcome == b.outcome && a.term == b.term && a.statements == b.statements && a.why == b.why;
}

bool is_evil(write_mode what) {
    return facts_of(what).kills || what == write_mode::stubborn || what == write_mode::slow;
}

}  // namespace

void clients::begin(int count, time_point until) {
    auto& chance = the_world().chance;
    const auto span = std::chrono::duration_cast<std::chrono::microseconds>(until - present().now());
    writes_.reserve(static_cast<std::size_t>(count));
    for (int index = 0; index < count; ++index) {
        present().after(chance.between(0us, span), [this] { invent(); });
    }
}

void clients::invent() {
    auto& chance = the_world().chance;
    auto& one = writes_.emplace_back();
    one.number = static_cast<int>(writes_.size()) - 1;
    one.what = draw_mode();
    one.statements = chance.one_in(4) ? 2 : 1;
    const int number = one.number;
    if (chance.one_in(3)) one.id = "key-" + std::to_string(number);
    const bool twice = !one.id.empty() && chance.one_in(2);
    submit(number);
    if (twice) present().after(chance.between(0us, 30'000us), [this, number] { submit(number); });
}

/// Where all is quiet, one write at a time makes trouble, and none that takes the whole server with it.
write_mode clients::draw_mode() const {
    const auto& conditions = the_world().conditions;
    const auto drawn = conditions.next_mode(the_world().chance);
    if (!conditions.quiet || !is_evil(drawn)) return drawn;
    const bool is_one_open =
        std::ranges::any_of(writes_, [](const auto& one) { return is_evil(one.what) && one.open_calls > 0; });
    return is_one_open || drawn == write_mode::bomb ? write_mode::good : drawn;
}

/// Good writes do, whatever the others do, once somebody leads.
bool clients::must_commit(const wanted_write& one, std::chrono::milliseconds deadline) const {
    return the_world().conditions.quiet && one.what == write_mode::good && deadline >= 1000ms && fleet_.leader_serves();
}

void clients::submit(int number) {
    const auto alive = fleet_.running();
    if (alive.empty()) return ask_again(number);
    submit_at(number, alive[static_cast<std::size_t>(the_world().chance.below(static_cast<int>(alive.size())))]);
}

void clients::submit_at(int number, int place) {
    const auto deadline = std::chrono::milliseconds(the_world().chance.between(30, 1500));
    const auto which = calls_.size();
    calls_.push_back({number, fleet_.where(place), {}, true, must_commit(at(number), deadline)});
    ++at(number).open_calls;
    at(number).given_to.push_back(place);
    present().after({}, fleet_.where(place), [this, which, number, place, deadline] {
        auto& one = at(number);
        tell(name_of(place), "client submits write {} {}", number, one.id);
        calls_[which].deadline = present().local_now() + deadline;
        auto what = make(one);
        what.deadline(deadline);
        fleet_.submit(place, std::move(what), [this, which](const receipt& said) { answered(which, said); });
        fleet_.check_pending(place);
    });
}

write clients::make(const wanted_write& one) const {
    write made(one.id);
    for (int index = 0; index < one.statements; ++index) {
        const bool last = index + 1 == one.statements;
        const auto what = last ? one.what : write_mode::good;
        auto& added = made.add(std::string(facts_of(what).sql), one.number, index);
        if (what == write_mode::nothing) added.expect_rows(1);
    }
    return made;
}

void clients::answered(std::size_t which, const receipt& said) {
    auto& answered_call = calls_[which];
    auto& one = at(answered_call.number);
    tell(name_of(answered_call.where.place), "answers write {} {}: {} term {}{} {}", one.number, said.write_id,
         to_string(said.outcome), said.term, said.replayed ? " replayed" : "", said.why ? said.why->message : "");
    if (!std::exchange(answered_call.open, false))
        return broken(fmt::format("write {} was answered twice", one.number));
    --one.open_calls;
    check_time(answered_call);
    const bool has_twin = said.why && said.why->code == errc::in_flight;
    if (answered_call.must_commit && said.outcome != outcome::committed && !has_twin) {
        broken(fmt::format("no write stops the others: write {} was answered {}", one.number, to_string(said.outcome)));
    }
    if (one.id.empty() && origin_write_id::parse(said.write_id)) one.id = said.write_id;
    if (is_final(said)) return decided(one, said);
    if (said.outcome == outcome::rejected) return refused(one);
    one.in_doubt = true;
    const bool forgotten = said.why->code == errc::receipt_expired;
    if (forgotten && !one.excused && !one.first)
        broken(fmt::format("the answer to write {} is kept while it may be asked for", one.number));
    if (one.first && forgotten) return;
    ask_again(one.number);
    constexpr std::size_t few = 4;
    if (one.given_to.size() < few && the_world().chance.one_in(3)) ask_again(one.number);
}

/// Before its deadline and a little, unless the process did not run.
void clients::check_time(const call& one) const {
    const bool late = present().local_now() > one.deadline + grace + slack;
    const bool just_woke = present().now() - present().paused_until(one.where.place) < 50ms;
    if (!late || just_woke) return;
    broken(
        fmt::format("every write is answered by its deadline: write {} at {}", one.number, name_of(one.where.place)));
}

int clients::applied(const wanted_write& one) const {
    return the_world().database.committed().effects_of(one.number);
}

bool clients::each_applied_once(const wanted_write& one) const {
    const auto& effects = the_world().database.committed().effects;
    for (int index = 0; index < one.statements; ++index) {
        const auto found = effects.find(statement_effect{one.number, index, one.what, {}}.code());
        if (found == effects.end() || found->second != 1) return false;
    }
    return true;
}

void clients::decided(wanted_write& one, const receipt& said) {
    const bool committed = said.outcome == outcome::committed;
    const bool is_true = committed ? each_applied_once(one) : applied(one) == 0;
    if (!one.excused && !is_true) {
        broken(
            fmt::format("an answer is true: write {} was answered {}, and {} of its {} statements are in the database",
                        one.number, to_string(said.outcome), applied(one), one.statements));
    }
    if (committed && !facts_of(one.what).commits) broken(fmt::format("write {} cannot commit, and did", one.number));
    if (committed && said.statements.size() != static_cast<std::size_t>(one.statements)) {
        broken(fmt::format("the receipt of write {} does not tell of each statement", one.number));
    }
    if (!committed) check_rejection(one, said);
    if (one.first && !one.excused && !same_answer(*one.first, said)) {
        broken(fmt::format("equal write ids get equal answers: write {} was answered {} and {}", one.number,
                           to_string(one.first->outcome), to_string(said.outcome)));
    }
    if (!one.first) one.first = said;
    if (the_world().chance.one_in(8)) look_up(one.number);
    if (one.is_keyed() && the_world().chance.one_in(6)) ask_again(one.number);
}

/// Only for what would be rejected alone, too: it fails by itself, its connection was lost with it again and again, or
/// somebody outside did it harm.
void clients::check_rejection(const wanted_write& one, const receipt& said) const {
    const auto& facts = facts_of(one.what);
    const bool fails_alone = !facts.commits && !facts.kills;
    if (fails_alone || the_world().observed.has_excuse(one.number)) return;
    broken(fmt::format("nothing is rejected for its company: write {} was: {}", one.number, said.why->message));
}

void clients::refused(wanted_write& one) {
    ++one.refused_calls;
    if (one.all_refused() && applied(one) != 0 && !one.excused) {
        broken(fmt::format("what was rejected did not happen: write {}", one.number));
    }
    const bool must = one.in_doubt && !one.first;
    if (must || (one.is_keyed() && the_world().chance.one_in(4))) ask_again(one.number);
}

void clients::ask_again(int number) {
    present().after(the_world().chance.between(20ms, 200ms), [this, number] { submit(number); });
}

/// Whoever asks the ledger gets the same answer.
void clients::look_up(int number) {
    const auto alive = fleet_.running();
    if (alive.empty()) return;
    const auto place = alive[static_cast<std::size_t>(the_world().chance.below(static_cast<int>(alive.size())))];
    present().after({}, fleet_.where(place), [this, number, place] {
        fleet_.find(place, at(number).id, [this, number](const result<std::optional<receipt>>& found) {
            const auto& one = at(number);
            if (!found || !*found || (*found)->outcome == outcome::unknown || one.excused || !one.first) return;
            if (!same_answer(**found, *one.first))
                broken(fmt::format("the ledger's receipt of write {} is another", number));
        });
    });
}

void clients::took_effect(const statement_effect& what, const database_state& before) {
    const int number = what.write;
    auto& one = at(number);
    const auto found = before.effects.find(what.code());
    const int earlier = found == before.effects.end() ? 0 : found->second;
    if (earlier > 0) broken(fmt::format("a write takes effect at most once: write {} commits again", number));
    if (one.excused) return;
    if (one.all_refused()) broken(fmt::format("what was rejected does not happen: write {} commits", number));
    if (one.first && one.first->outcome == outcome::rejected) {
        broken(fmt::format("a rejection is final: write {} commits", number));
    }
}

/// What the ledger has lost is decided anew, also where the first answer is still on its way.
void clients::excuse(const std::string& id) {
    for (auto& one : writes_) {
        if (one.id == id) one.excused = true;
    }
}

/// A rejection that the ledger has lost is decided anew.
void clients::excuse_all_rejected() {
    for (auto& one : writes_) {
        if (!facts_of(one.what).commits || (one.first && one.first->outcome == outcome::rejected)) one.excused = true;
    }
}

bool clients::was_given_to(int place, const std::string& id) const {
    if (const auto given = origin_write_id::parse(id)) {
        const auto origin = fleet_.place_of_origin(std::string(given->origin()));
        if (origin == place) return true;
    }
    return std::ranges::any_of(writes_, [&](const auto& one) {
        return one.id == id && std::ranges::find(one.given_to, place) != one.given_to.end();
    });
}

void clients::process_gone(int place) {
    for (auto& each : calls_) {
        if (each.where.place != place || !std::exchange(each.open, false)) continue;
        auto& one = at(each.number);
        --one.open_calls;
        ++one.lost_calls;
        if (one.is_keyed() || one.in_doubt) ask_again(one.number);
    }
}

bool clients::satisfied() const {
    return std::ranges::all_of(writes_,
                               [](const auto& one) { return one.open_calls == 0 && (!one.in_doubt || one.first); });
}

std::string clients::unsatisfied() const {
    std::string text;
    for (const auto& one : writes_) {
        if (one.open_calls > 0)
            text += fmt::format("; write {} has {} calls without an answer", one.number, one.open_calls);
        if (one.in_doubt && !one.first) text += fmt::format("; write {} is still unknown", one.number);
    }
    return text;
}

}  // namespace penholder::simulation
