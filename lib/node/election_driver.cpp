#include "election_driver.hpp"

#include "election_driver_core.hpp"

#include <utility>

namespace penholder {

namespace event = election::event;

election_driver::election_driver(zookeeper::session& session, election_driver_options options,
                                 election_driver_handlers handlers)
    : core_(std::make_shared<election_driver_core>(session, std::move(options), std::move(handlers))) {}

election_driver::~election_driver() {
    core_->leave();
}

void election_driver::start() {
    core_->start();
}

void election_driver::stop(std::function<void()> done) {
    core_->stop(std::move(done));
}

void election_driver::set_eligible(bool eligible) {
    core_->on(event::eligibility{eligible});
}

void election_driver::database_term(std::uint64_t seen) {
    core_->on(event::database_term{term{seen}});
}

void election_driver::fence_raised(std::uint64_t term) {
    core_->on(event::fence_raised{{term}});
}

void election_driver::fence_failed(std::uint64_t term, error why, std::optional<std::uint64_t> seen) {
    core_->on(event::fence_failed{{term}, std::move(why), seen ? std::optional(penholder::term{*seen}) : std::nullopt});
}

void election_driver::fenced(std::uint64_t by, std::string leader, std::string endpoint) {
    core_->on(event::fenced{{by}, std::move(leader), std::move(endpoint)});
}

void election_driver::leader_died(election::process_death proof) {
    core_->on(event::leader_died{std::move(proof)});
}

void election_driver::leader_heard(std::uint64_t term) {
    core_->on(event::leader_heard{{term}});
}

void election_driver::handover(std::string heir, std::chrono::milliseconds within,
                               std::function<void(result<leadership>)> done) {
    core_->handover(std::move(heir), within, std::move(done));
}

void election_driver::resign(std::chrono::milliseconds within, std::function<void(result<leadership>)> done) {
    core_->resign(within, std::move(done));
}

void election_driver::pause(bool paused, std::function<void(result<>)> done) {
    core_->pause(paused, std::move(done));
}

void election_driver::history(std::function<void(result<std::vector<term_record>>)> done) {
    core_->history(std::move(done));
}

const leadership& election_driver::current() const noexcept {
    return core_->elector().current();
}

const std::vector<member>& election_driver::members() const noexcept {
    return core_->members();
}

bool election_driver::paused() const noexcept {
    return core_->elector().control().paused;
}

bool election_driver::eligible() const noexcept {
    return core_->elector().eligible();
}

std::uint64_t election_driver::evictions() const noexcept {
    return core_->elector().evictions();
}

std::string election_driver::leader_since() const {
    return core_->leader_since();
}

const std::optional<error>& election_driver::trouble() const noexcept {
    return core_->trouble();
}

}  // namespace penholder
