#pragma once

#include "database_server.hpp"
#include "timeline.hpp"
#include "write_mode.hpp"

#include <penholder/receipt.hpp>
#include <penholder/write.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace penholder::simulation {

class fleet;

/// One write, however often it is submitted.
struct wanted_write {
    int number = 0;
    write_mode what = write_mode::good;
    int statements = 1;
    std::string id;             ///< The key, or the id that its first answer named.
    std::vector<int> given_to;  ///< Places.
    int open_calls = 0;
    int lost_calls = 0;            ///< Their process is gone.
    int refused_calls = 0;         ///< Answered `rejected`, not attempted.
    bool in_doubt = false;         ///< An answer was `unknown`.
    bool excused = false;          ///< A decision of it was lost with the database's tail.
    std::optional<receipt> first;  ///< The first decided answer.

    bool is_keyed() const noexcept { return id.starts_with("key-"); }
    bool all_refused() const noexcept {
        return open_calls == 0 && lost_calls == 0 && !in_doubt && !first && refused_calls > 0;
    }
};

/// Callers of all nodes: submit writes of all sorts, the same one sometimes twice, ask again for what is unknown, and
/// hold every answer against the database.
class clients {
public:
    explicit clients(fleet& nodes) : fleet_(nodes) {}

    /// Submits `count` writes in the time from now to `until`.
    void begin(int count, time_point until);

    bool satisfied() const;
    std::string unsatisfied() const;

    // What the history asks and tells.
    void took_effect(const statement_effect& what, const database_state& before);
    void excuse(int number) { at(number).excused = true; }
    void excuse(const std::string& id);
    void excuse_all_rejected();
    bool was_given_to(int place, const std::string& id) const;
    void process_gone(int place);

private:
    struct call {
        int number = 0;
        location where;
        time_point deadline;  ///< By the process's own clock.
        bool open = true;
        bool must_commit = false;  ///< Nothing stands in its way but other writes.
    };

    wanted_write& at(int number) { return writes_[static_cast<std::size_t>(number)]; }
    void invent();
    write_mode draw_mode() const;
    bool must_commit(const wanted_write& one, std::chrono::milliseconds deadline) const;
    void submit(int number);
    void submit_at(int number, int place);
    void ask_again(int number);
    void look_up(int number);
    write make(const wanted_write& one) const;
    void answered(std::size_t which, const receipt& said);
    void check_time(const call& one) const;
    void decided(wanted_write& one, const receipt& said);
    void check_rejection(const wanted_write& one, const receipt& said) const;
    void refused(wanted_write& one);
    int applied(const wanted_write& one) const;
    bool each_applied_once(const wanted_write& one) const;

    fleet& fleet_;
    std::vector<wanted_write> writes_;
    std::vector<call> calls_;
};

}  // namespace penholder::simulation
