#include "model/option_rules.hpp"
#include "node_core.hpp"

#include <penholder/node.hpp>

#include <boost/asio/post.hpp>

#include <utility>

namespace penholder {

node::node(executor_type executor, options settings) {
    if (auto sound = as_result(check_options(settings)); !sound) throw exception(std::move(sound).error());
    core_ = std::make_shared<node_core>(std::move(executor), std::move(settings));
}

node::~node() {
    boost::asio::post(core_->strand(), [core = core_] { core->abandon(); });
}

node::executor_type node::get_executor() const noexcept {
    return core_->outer_executor();
}

void node::on_leadership(std::function<void(const leadership&)> callback) {
    core_->hooks().leadership = std::move(callback);
}

void node::on_members(std::function<void(const std::string&, const std::vector<member>&)> callback) {
    core_->hooks().members = std::move(callback);
}

void node::start_now(completion<failed> done) {
    boost::asio::post(core_->strand(), [core = core_, done = std::move(done)]() mutable { core->start(done); });
}

void node::retire_now(completion<failed> done) {
    boost::asio::post(core_->strand(), [core = core_, done = std::move(done)]() mutable {
        core->retire();
        done(nullptr);
    });
}

void node::reload_now(completion<failed> done) {
    boost::asio::post(core_->strand(), [core = core_, done = std::move(done)]() mutable {
        core->reload();
        done(nullptr);
    });
}

void node::stop_now(completion<failed> done) {
    boost::asio::post(core_->strand(), [core = core_, done = std::move(done)]() mutable {
        core->stop([done = std::move(done)]() mutable { done(nullptr); });
    });
}

std::shared_ptr<submitted_write> node::make_withdrawable() {
    return std::make_shared<submitted_write>();
}

std::function<void()> node::withdrawal_of(std::shared_ptr<submitted_write> which) const {
    return [weak = std::weak_ptr(core_), which = std::move(which)] {
        const auto core = weak.lock();
        if (core) boost::asio::post(core->strand(), [core, which] { core->withdraw(*which); });
    };
}

std::exception_ptr node::waits_no_longer() {
    return std::make_exception_ptr(
        exception({errc::in_progress, "its caller stopped waiting for it; what was asked for goes on"}));
}

void node::submit_now(std::string group, write what, completion<receipt> done,
                      std::shared_ptr<submitted_write> withdrawable) {
    const bool first =
        core_->submissions().put({std::move(group), std::move(what), std::move(done), std::move(withdrawable)});
    if (first) boost::asio::post(core_->strand(), [core = core_] { core->take_submissions(); });
}

void node::accept_now(std::string group, write what, completion<std::optional<receipt>> done) {
    boost::asio::post(core_->strand(),
                      [core = core_, group = std::move(group), what = std::move(what),
                       done = std::move(done)]() mutable { core->accept(group, std::move(what), std::move(done)); });
}

void node::find_now(std::string group, std::string write_id, completion<failed, std::optional<receipt>> done) {
    boost::asio::post(core_->strand(), [core = core_, group = std::move(group), write_id = std::move(write_id),
                                        done = std::move(done)]() mutable {
        core->find(group, write_id, answer_with<std::optional<receipt>>(std::move(done)));
    });
}

void node::forget_now(std::string group, std::string key, std::string by,
                      completion<failed, std::optional<receipt>> done) {
    boost::asio::post(core_->strand(), [core = core_, group = std::move(group), key = std::move(key),
                                        by = std::move(by), done = std::move(done)]() mutable {
        core->forget(group, key, by, answer_with<std::optional<receipt>>(std::move(done)));
    });
}

void node::handover_now(std::string group, std::string heir, std::chrono::milliseconds within,
                        completion<failed, leadership> done) {
    boost::asio::post(core_->strand(), [core = core_, group = std::move(group), heir = std::move(heir), within,
                                        done = std::move(done)]() mutable {
        core->handover(group, heir, within, answer_with<leadership>(std::move(done)));
    });
}

void node::resign_now(std::string group, std::chrono::milliseconds within, completion<failed, leadership> done) {
    boost::asio::post(core_->strand(),
                      [core = core_, group = std::move(group), within, done = std::move(done)]() mutable {
                          core->resign(group, within, answer_with<leadership>(std::move(done)));
                      });
}

void node::pause_now(std::string group, bool paused, completion<failed> done) {
    boost::asio::post(core_->strand(),
                      [core = core_, group = std::move(group), paused, done = std::move(done)]() mutable {
                          core->pause(group, paused, answer_with<void>(std::move(done)));
                      });
}

void node::status_now(completion<node_status> done) {
    boost::asio::post(core_->strand(), [core = core_, done = std::move(done)]() mutable { done(core->status()); });
}

void node::history_now(std::string group, completion<failed, std::vector<term_record>> done) {
    boost::asio::post(core_->strand(), [core = core_, group = std::move(group), done = std::move(done)]() mutable {
        core->history(group, answer_with<std::vector<term_record>>(std::move(done)));
    });
}

}  // namespace penholder
