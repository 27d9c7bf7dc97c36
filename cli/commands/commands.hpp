#pragma once

namespace penholder::cli {

class command_line;

/// One function for each command, each in the file of its name, and all of them in the order of the help text.
void add_commands(command_line& to);

void add_init(command_line& to);
void add_status(command_line& to);
void add_leader(command_line& to);
void add_members(command_line& to);
void add_history(command_line& to);
void add_watch(command_line& to);
void add_write(command_line& to);
void add_forget(command_line& to);
void add_handover(command_line& to);
void add_resign(command_line& to);
void add_pause(command_line& to);
void add_resume(command_line& to);
void add_drain(command_line& to);
void add_undrain(command_line& to);
void add_evict(command_line& to);
void add_adopt_database(command_line& to);
void add_explain(command_line& to);
void add_doctor(command_line& to);
void add_config_check(command_line& to);
void add_completion(command_line& to);

}  // namespace penholder::cli
