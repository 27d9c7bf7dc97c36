#include "lock_holder.hpp"

namespace penholder::lane {

std::string waiting_for(const lock_holder& whom) {
    if (whom.pid == 0) return "waits for a lock held by a prepared transaction; look into pg_prepared_xacts";
    std::string text = "waits for a lock held by pid " + std::to_string(whom.pid);
    if (!whom.application.empty()) text += ", application '" + whom.application + "'";
    if (!whom.user.empty()) text += ", user '" + whom.user + "'";
    return text + (whom.state.empty() ? ", of whom only pg_read_all_stats shows more" : ", " + whom.state);
}

}  // namespace penholder::lane
