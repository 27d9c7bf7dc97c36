#pragma once

#include "fault_plan.hpp"
#include "fleet.hpp"

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
    void remove_some_znode();
    void orphan_some_znode();
    void give_foreign_database(int place);
    void take_foreign_database(int place);
    void feign_death(int place);

    fleet& fleet_;
    time_point until_{};
    bool over_ = false;
};

}  // namespace penholder::simulation
