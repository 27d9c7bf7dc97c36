#include "campaign.hpp"

#include "campaign_core.hpp"

#include <utility>

namespace penholder {

namespace event = election::event;

campaign::campaign(zookeeper::session& session, campaign_options options, campaign_handlers handlers)
    : core_(std::make_shared<campaign_core>(session, std::move(options), std::move(handlers))) {}

campaign::~campaign() {
    core_->leave();
}

void campaign::start() {
    core_->start();
}

void campaign::stop(std::function<void()> done) {
    core_->stop(std::move(done));
}

void campaign::set_eligible(bool eligible) {
    core_->on(event::eligibility{eligible});
}

void campaign::database_term(std::uint64_t seen) {
    core_->on(event::database_term{seen});
}

void campaign::fence_raised(std::uint64_t term) {
    core_->on(event::fence_raised{term});
}

void campaign::fence_failed(std::uint64_t term, error why, std::optional<std::uint64_t> seen) {
    core_->on(event::fence_failed{term, std::move(why), seen});
}

void campaign::fenced(std::uint64_t by, std::string leader, std::string endpoint) {
    core_->on(event::fenced{by, std::move(leader), std::move(endpoint)});
}

void campaign::leader_died(election::obituary proof) {
    core_->on(event::leader_died{std::move(proof)});
}

void campaign::leader_heard(std::uint64_t term) {
    core_->on(event::leader_heard{term});
}

void campaign::handover(std::string heir, std::chrono::milliseconds within,
                        std::function<void(result<leadership>)> done) {
    core_->handover(std::move(heir), within, std::move(done));
}

void campaign::resign(std::chrono::milliseconds within, std::function<void(result<leadership>)> done) {
    core_->resign(within, std::move(done));
}

void campaign::pause(bool paused, std::function<void(result<>)> done) {
    core_->pause(paused, std::move(done));
}

void campaign::history(std::function<void(result<std::vector<term_record>>)> done) {
    core_->history(std::move(done));
}

const leadership& campaign::current() const noexcept {
    return core_->elector().current();
}

const std::vector<member>& campaign::members() const noexcept {
    return core_->members();
}

bool campaign::paused() const noexcept {
    return core_->elector().control().paused;
}

bool campaign::eligible() const noexcept {
    return core_->elector().eligible();
}

std::uint64_t campaign::evictions() const noexcept {
    return core_->elector().evictions();
}

std::string campaign::leader_since() const {
    return core_->leader_since();
}

const std::optional<error>& campaign::trouble() const noexcept {
    return core_->trouble();
}

}  // namespace penholder
