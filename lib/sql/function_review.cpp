#include "function_review.hpp"

#include "words.hpp"

#include <algorithm>
#include <array>

namespace penholder::sql {
namespace {

using names = std::string_view;

/// Volatile only because each call gives something else. nextval's numbers have gaps and no order for anybody.
constexpr std::array<names, 11> harmless_volatile{
    "nextval", "random", "random_normal", "gen_random_uuid", "uuidv4", "uuidv7", "clock_timestamp", "timeofday",
    // Triggers; what they call and change is the row's own.
    "suppress_redundant_updates_trigger", "tsvector_update_trigger", "tsvector_update_trigger_column"};

constexpr std::array<names, 14> transaction_ids{"txid_current",
                                                "txid_current_if_assigned",
                                                "txid_current_snapshot",
                                                "txid_status",
                                                "pg_current_xact_id",
                                                "pg_current_xact_id_if_assigned",
                                                "pg_current_snapshot",
                                                "pg_xact_status",
                                                "pg_xact_commit_timestamp",
                                                "pg_xact_commit_timestamp_origin",
                                                "pg_last_committed_xact",
                                                "pg_export_snapshot",
                                                "mxid_age",
                                                "currtid2"};

constexpr std::array<names, 7> settings{
    "current_setting",       "set_config", "pg_show_all_settings", "row_security_active",
    "pg_settings_get_flags", "setseed",    "pg_reload_conf"};

constexpr std::array<names, 14> session_state{"currval",
                                              "lastval",
                                              "setval",
                                              "pg_backend_pid",
                                              "pg_cursor",
                                              "pg_prepared_statement",
                                              "pg_listening_channels",
                                              "pg_my_temp_schema",
                                              "pg_is_other_temp_schema",
                                              "inet_client_port",
                                              "inet_server_port",
                                              "pg_blocking_pids",
                                              "pg_safe_snapshot_blocking_pids",
                                              "pg_notification_queue_usage"};

/// Stable, but they run queries over whatever they are told, or over everything; or the code of a type that they are
/// told.
constexpr std::array<names, 21> runs_queries{"database_to_xml",
                                             "database_to_xmlschema",
                                             "database_to_xml_and_xmlschema",
                                             "schema_to_xml",
                                             "schema_to_xmlschema",
                                             "schema_to_xml_and_xmlschema",
                                             "table_to_xml",
                                             "table_to_xmlschema",
                                             "table_to_xml_and_xmlschema",
                                             "query_to_xml",
                                             "query_to_xmlschema",
                                             "query_to_xml_and_xmlschema",
                                             "cursor_to_xml",
                                             "cursor_to_xmlschema",
                                             "ts_stat",
                                             "ts_rewrite",
                                             "array_in",
                                             "record_in",
                                             "domain_in",
                                             "range_in",
                                             "multirange_in"};

/// Those that run a text search configuration's parser and dictionaries.
constexpr std::array<names, 16> text_search{"to_tsvector",
                                            "to_tsquery",
                                            "plainto_tsquery",
                                            "phraseto_tsquery",
                                            "websearch_to_tsquery",
                                            "json_to_tsvector",
                                            "jsonb_to_tsvector",
                                            "ts_headline",
                                            "ts_lexize",
                                            "ts_parse",
                                            "ts_token_type",
                                            "ts_debug",
                                            "tsvector_update_trigger",
                                            "tsvector_update_trigger_column",
                                            "ts_match_tt",
                                            "ts_match_tq"};

/// Those from JSON read a text such as 'now' where a column is a time.
constexpr std::array<names, 10> times{"now",
                                      "transaction_timestamp",
                                      "json_populate_record",
                                      "json_populate_recordset",
                                      "json_to_record",
                                      "json_to_recordset",
                                      "jsonb_populate_record",
                                      "jsonb_populate_recordset",
                                      "jsonb_to_record",
                                      "jsonb_to_recordset"};

std::string_view unqualified(const function_facts& function) {
    const std::string_view name = function.name;
    return name.substr(name.rfind('.') + 1);
}

}  // namespace

std::optional<why_not> objection_to(const function_facts& built_in, const database_facts& database) {
    const auto name = unqualified(built_in);
    const bool age_of_xid = name == "age" && built_in.argument_types == std::vector<std::string>{"xid"};
    if (age_of_xid || is_one_of(name, transaction_ids)) return why_not::transaction_id;
    if (is_one_of(name, settings)) return why_not::setting;
    if (is_one_of(name, session_state) || name.starts_with("pg_stat_get_")) return why_not::session_state;
    if (is_one_of(name, runs_queries)) return why_not::volatile_function;
    if (database.own_text_search && is_one_of(name, text_search)) return why_not::text_search;
    if (built_in.volatility == 'v' && !is_one_of(name, harmless_volatile)) return why_not::volatile_function;
    return std::nullopt;
}

bool tells_transaction_time(const function_facts& built_in) {
    const auto name = unqualified(built_in);
    const bool age_of_today = name == "age" && built_in.argument_types.size() == 1;
    const bool reads_moment = built_in.returns == 1082 || built_in.returns == 1083 || built_in.returns == 1114 ||
                              built_in.returns == 1184 || built_in.returns == 1266;
    return is_one_of(name, times) || age_of_today || (reads_moment && name.ends_with("_in"));
}

bool stains_session(const function_facts& built_in) {
    const auto name = unqualified(built_in);
    return name == "set_config" || name == "setseed" || is_one_of(name, runs_queries);
}

}  // namespace penholder::sql
