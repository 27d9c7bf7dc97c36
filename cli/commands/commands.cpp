#include "cli/commands/commands.hpp"

namespace penholder::cli {

void add_commands(command_line& to) {
    add_init(to);
    add_status(to);
    add_leader(to);
    add_members(to);
    add_history(to);
    add_watch(to);
    add_write(to);
    add_forget(to);
    add_handover(to);
    add_resign(to);
    add_pause(to);
    add_resume(to);
    add_drain(to);
    add_undrain(to);
    add_evict(to);
    add_adopt_database(to);
    add_explain(to);
    add_doctor(to);
    add_config_check(to);
    add_completion(to);
}

}  // namespace penholder::cli
