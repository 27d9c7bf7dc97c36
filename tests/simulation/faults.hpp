#pragma once

#include "election/records.hpp"
#include "fault_plan.hpp"
#include "fleet.hpp"

#include <functional>
#include <string>
#include <vector>

namespace penholder::simulation {

/// What goes wrong, and how it is mended: faults of the drawn kinds at drawn times until the storm is over; then all is
/// mended, and nothing goes wrong any more.
class faults {
public:
    explicit faults(fleet& nodes) : fleet_(nodes) {}

    void begin(time_point until);
    void mend_everything();

    /// A process that is gone, for whatever reason, starts again after a while.
    void come_back(int place);

    /// Operators want it to lead nothing; before all is mended for a while, afterwards for good.
    void drain(int place);

private:
    void next();
    void strike(fault what);
    int some_place();
    duration some_time(int least_ms, int most_ms);
    bool pause_before(int place);

    void cut_ensemble(int place);
    void ensemble_down();
    void cut_link(int place);
    void cut_database(int place);
    void database_down(bool loses_tail);
    void set_control(bool paused, bool handover);
    void change_control(const std::function<void(election::control_record&)>& how);
    void set_drained(std::vector<std::string> nodes);
    void retire(int place);
    void remove_some_znode();
    void orphan_some_znode();
    void give_foreign_database(int place);
    void take_foreign_database(int place);
    void give_other_ensemble(int place);
    void take_other_ensemble(int place);
    void feign_death(int place);

    fleet& fleet_;
    time_point until_{};
    bool over_ = false;
};

}  // namespace penholder::simulation
