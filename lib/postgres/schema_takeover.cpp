#include "schema_takeover.hpp"

namespace penholder::postgres {
namespace {

constexpr auto owners =
    "SELECT r.rolname FROM pg_catalog.pg_namespace n "
    "JOIN pg_catalog.pg_roles r ON NOT r.rolsuper AND r.rolname <> current_user AND (r.oid = n.nspowner "
    "OR r.oid IN (SELECT relowner FROM pg_catalog.pg_class WHERE relnamespace = n.oid) "
    "OR r.oid IN (SELECT proowner FROM pg_catalog.pg_proc WHERE pronamespace = n.oid)) "
    "WHERE n.nspname = 'penholder' ORDER BY 1 LIMIT 1";

/// What would execute somebody's code when it is read, or is not there to be read. Types below 16384 are built in.
constexpr auto strange_tables =
    "SELECT w.name FROM (VALUES ('fence'), ('keys'), ('origins')) AS w (name) "
    "LEFT JOIN pg_catalog.pg_class c ON c.relname = w.name AND c.relkind = 'r' AND NOT c.relhasrules "
    "AND c.relnamespace = 'penholder_before'::pg_catalog.regnamespace "
    "WHERE c.oid IS NULL OR EXISTS (SELECT FROM pg_catalog.pg_attribute a WHERE a.attrelid = c.oid "
    "AND a.attnum > 0 AND NOT a.attisdropped AND a.atttypid >= 16384) ORDER BY 1 LIMIT 1";

/// For whom the old schema was open.
constexpr auto open_new_schema = R"(DO $$
DECLARE
    role text;
BEGIN
    FOR role IN
        SELECT DISTINCT pg_catalog.quote_ident(r.rolname)
        FROM pg_catalog.pg_namespace n,
             pg_catalog.aclexplode(coalesce(n.nspacl, pg_catalog.acldefault('n', n.nspowner))) a
        JOIN pg_catalog.pg_roles r ON r.oid = a.grantee
        WHERE n.nspname = 'penholder_before' AND a.privilege_type = 'USAGE'
    LOOP
        EXECUTE 'GRANT USAGE ON SCHEMA penholder TO ' || role;
        EXECUTE 'GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA penholder TO ' || role;
    END LOOP;
END
$$)";

}  // namespace

std::string other_owner(pqxx::transaction_base& work) {
    const auto found = work.exec(owners);
    return found.empty() ? std::string() : found[0][0].c_str();
}

result<> set_schema_aside(pqxx::transaction_base& work, const std::string& owner) {
    work.exec("ALTER SCHEMA penholder RENAME TO penholder_before");
    work.exec("ALTER SCHEMA penholder_before OWNER TO CURRENT_USER");
    const auto strange = work.exec(strange_tables);
    if (strange.empty()) return {};
    return error{errc::refused,
                 "schema penholder belongs to role '" + owner + "', which is no superuser, and penholder." +
                     strange[0][0].c_str() +
                     " is not the table that init makes: a superuser who read it might run that role's code. Nothing "
                     "was changed; look into it by hand"};
}

void bring_rows_over(pqxx::transaction_base& work, const std::string& owner) {
    work.exec("LOCK TABLE penholder_before.fence, penholder_before.keys, penholder_before.origins");
    work.exec(
        "INSERT INTO penholder.fence (grp, term, leader, endpoint, fenced_at, timeline, raised_at) SELECT f.grp, "
        "f.term, f.leader, f.endpoint, f.fenced_at, coalesce((pg_catalog.to_jsonb(f)->>'timeline')::integer, 0), "
        "coalesce((pg_catalog.to_jsonb(f)->>'raised_at')::pg_lsn, '0/0') FROM ONLY penholder_before.fence f WHERE "
        "pg_catalog.to_jsonb(f)->>'slot' IS NULL "
        "OR pg_catalog.to_jsonb(f)->>'slot' = '0'");
    work.exec(
        "INSERT INTO penholder.fence (grp, slot, term) SELECT f.grp, s.slot, f.term FROM penholder.fence f, "
        "pg_catalog.generate_series(1, 64) AS s (slot)");
    work.exec(
        "INSERT INTO penholder.keys (grp, key, fingerprint, receipt, term, at) "
        "SELECT k.grp, k.key, k.fingerprint, k.receipt, k.term, k.at FROM ONLY penholder_before.keys k");
    work.exec(
        "INSERT INTO penholder.origins (grp, origin, state, at) "
        "SELECT o.grp, o.origin, o.state, o.at FROM ONLY penholder_before.origins o");
    work.exec(open_new_schema);
    const auto role = work.quote_name(owner);
    work.exec("GRANT USAGE ON SCHEMA penholder TO " + role);
    work.exec("GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA penholder TO " + role);
    work.exec("DROP SCHEMA penholder_before CASCADE");
}

}  // namespace penholder::postgres
