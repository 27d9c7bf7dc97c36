#include "lock_holder.hpp"

namespace penholder::lane {

std::string waiting_for(const lock_holder& whom) {
    if (whom.pid == 0) return "waits for a lock held by a prepared transaction; look into pg_prepared_xacts";
    std::string text = "waits for a lock held by pid " + std::to_string(whom.pid);
    if (!whom.application.empty()) text += ", application '" + whom.application + "'";
    if (!whom.user.empty()) text += ", user '" + whom.user + "'";
    if (!whom.state.empty()) text += ", " + whom.state;
    return text;
}

}  // namespace penholder::lane
