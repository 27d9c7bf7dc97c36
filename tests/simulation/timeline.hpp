#pragma once

#include <algorithm>
#include <chrono>
#include <concepts>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace penholder::simulation {

using time_point = std::chrono::steady_clock::time_point;
using duration = std::chrono::steady_clock::duration;

/// Something to do once, of any type; also what can only be moved.
class task {
public:
    task() = default;
    template <class Work>
    requires(!std::same_as<std::decay_t<Work>, task>) explicit task(Work&& work)
        : work_(std::make_unique<holds<std::decay_t<Work>>>(std::forward<Work>(work))) {}

    void operator()() { work_->run(); }

private:
    struct base {
        virtual ~base() = default;
        virtual void run() = 0;
    };
    template <class Work>
    struct holds final : base {
        explicit holds(Work held) : work(std::move(held)) {}
        void run() override { std::move(work)(); }
        Work work;
    };
    std::unique_ptr<base> work_;
};

/// One life of one node's process, or the world outside of all processes.
struct location {
    int place = 0;           ///< 0 for the world; nodes count from 1.
    std::uint64_t life = 0;  ///< Of the process.
};

/// Virtual time, and what happens in it. Events of one moment happen in the order in which they were asked for. What
/// belongs to a process that is gone does not happen; what belongs to one that is paused happens afterwards, in order.
class timeline {
public:
    explicit timeline(int places) : machines_(static_cast<std::size_t>(places) + 1) {}
    ~timeline() { closing_ = true; }
    timeline(const timeline&) = delete;
    timeline& operator=(const timeline&) = delete;

    time_point now() const noexcept { return now_; }
    location here() const noexcept { return here_; }

    void at(time_point when, location where, task what);
    template <class Work>
    void after(duration delay, location where, Work&& work) {
        at(now_ + delay, where, task(std::forward<Work>(work)));
    }
    /// In the world outside.
    template <class Work>
    void after(duration delay, Work&& work) {
        at(now_ + delay, {}, task(std::forward<Work>(work)));
    }

    /// Does the next thing, before `end`; false when there is none.
    bool step(time_point end);

    // Processes.
    location begin_life(int place);
    void end_life(int place) { ++machine(place).life; }
    bool alive(location where) const noexcept { return where.place == 0 || machine(where.place).life == where.life; }
    /// Until then at least; who is paused already may be so for longer.
    void pause(int place, time_point until) {
        machine(place).paused_until = std::max(machine(place).paused_until, until);
    }
    bool paused(int place) const noexcept { return machine(place).paused_until > now_; }
    time_point paused_until(int place) const noexcept { return machine(place).paused_until; }

    // A process's own clock, which starts anywhere and runs a little fast or slow.
    void set_clock(int place, duration offset, int drift_ppm);
    time_point local(int place) const noexcept;
    time_point local_now() const noexcept { return local(here_.place); }
    /// When the present process's clock will show `local`.
    time_point to_world(time_point local) const noexcept;

    /// Asked before each event of a process that is about to happen; true when it now must not.
    std::function<bool(int place)> interference;

private:
    struct event {
        time_point at;
        std::uint64_t order = 0;
        location where;
        task what;
    };
    struct machine_state {
        std::uint64_t life = 0;
        time_point paused_until{};
        duration offset{};
        std::int64_t drift_ppm = 0;
    };

    static bool later(const event& a, const event& b) noexcept {
        return a.at != b.at ? a.at > b.at : a.order > b.order;
    }
    machine_state& machine(int place) noexcept { return machines_[static_cast<std::size_t>(place)]; }
    const machine_state& machine(int place) const noexcept { return machines_[static_cast<std::size_t>(place)]; }
    void push(event what);

    time_point start_{std::chrono::hours(1)};
    time_point now_ = start_;
    location here_;
    bool closing_ = false;
    std::uint64_t orders_ = 0;
    std::vector<machine_state> machines_;
    std::vector<event> events_;
};

/// The timeline of the schedule that runs now.
timeline& present() noexcept;
void set_present(timeline* now) noexcept;

}  // namespace penholder::simulation
