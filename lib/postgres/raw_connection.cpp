#include "raw_connection.hpp"

#include <libpq-fe.h>

namespace penholder::postgres {
namespace {

void ignore_notice(void*, const char*) {}

/// What libpq and libpqxx say of errors has the SQLSTATE in it: libpqxx 6 does not always tell it otherwise.
void set_up(pg_conn* handle) {
    PQsetNoticeProcessor(handle, &ignore_notice, nullptr);
    PQsetErrorVerbosity(handle, PQERRORS_VERBOSE);
}

}  // namespace

#if PQXX_VERSION_MAJOR < 7

namespace {

/// A policy of libpqxx 6 that connects as usual and remembers the handle.
class remembering_policy : public pqxx::connectionpolicy {
public:
    explicit remembering_policy(const std::string& conninfo) : pqxx::connectionpolicy(conninfo) {}
    handle do_startconnect(handle old) override { return last_ = normalconnect(old); }
    handle last() const noexcept { return last_; }

private:
    handle last_ = nullptr;
};

class policy_connection : public pqxx::connection_base {
public:
    explicit policy_connection(remembering_policy& policy) : pqxx::connection_base(policy), policy_(policy) {
        init();
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
        inhibit_reactivation(true);
#pragma GCC diagnostic pop
    }
    ~policy_connection() noexcept {
        close();
    }
    pg_conn* handle() const noexcept {
        return policy_.last();
    }

private:
    remembering_policy& policy_;
};

/// libpqxx 6 wants the policy to outlive the connection.
class owning_connection : private std::unique_ptr<remembering_policy>, public policy_connection {
public:
    explicit owning_connection(const std::string& conninfo)
        : std::unique_ptr<remembering_policy>(std::make_unique<remembering_policy>(conninfo)),
          policy_connection(**static_cast<std::unique_ptr<remembering_policy>*>(this)) {}
};

}  // namespace

raw_connection::raw_connection(const std::string& conninfo) {
    auto made = std::make_shared<owning_connection>(conninfo);
    handle_ = made->policy_connection::handle();
    connection_ = std::move(made);
    set_up(handle_);
}

#else

raw_connection::raw_connection(const std::string& conninfo) : handle_(PQconnectdb(conninfo.c_str())) {
    connection_ = std::make_shared<pqxx_connection>(pqxx_connection::seize_raw_connection(handle_));
    set_up(handle_);
}

#endif

raw_connection::~raw_connection() = default;

}  // namespace penholder::postgres
