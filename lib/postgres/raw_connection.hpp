#pragma once

#include <pqxx/pqxx>
#include <pqxx/version>

#include <memory>
#include <string>

struct pg_conn;

namespace penholder::postgres {

#if PQXX_VERSION_MAJOR < 7
using pqxx_connection = pqxx::connection_base;
#else
using pqxx_connection = pqxx::connection;
#endif

/// One connection that libpqxx owns and whose libpq handle can be used as well, in turn and never at once. It never
/// reconnects by itself: a broken connection stays broken. One thread at a time.
class raw_connection {
public:
    /// Blocks. Throws pqxx::broken_connection.
    explicit raw_connection(const std::string& conninfo);
    ~raw_connection();
    raw_connection(const raw_connection&) = delete;
    raw_connection& operator=(const raw_connection&) = delete;

    pqxx_connection& pqxx() noexcept { return *connection_; }
    pg_conn* handle() const noexcept { return handle_; }

private:
    std::shared_ptr<pqxx_connection> connection_;  ///< Shared, because libpqxx 6 has no virtual destructor.
    pg_conn* handle_ = nullptr;
};

}  // namespace penholder::postgres
