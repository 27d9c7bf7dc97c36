#include "builtin_types.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace penholder::sql {
namespace {

/// What a type's modifier says, and where it stands in the name.
enum class modified : std::uint8_t { never, characters, bits, seconds, digits };

struct builtin_type {
    std::uint32_t oid;
    std::uint32_t array;  ///< Of such elements.
    std::string_view name;
    modified by = modified::never;
    std::string_view modified_name = {};  ///< Before the modifier.
    std::string_view behind = {};         ///< The modifier.
};

/// By oid. They are the same in every release, because pg_upgrade keeps what is stored under them.
constexpr auto types = std::to_array<builtin_type>({
    {16, 1000, "boolean"},
    {17, 1001, "bytea"},
    {18, 1002, "\"char\""},
    {19, 1003, "name"},
    {20, 1016, "bigint"},
    {21, 1005, "smallint"},
    {23, 1007, "integer"},
    {24, 1008, "regproc"},
    {25, 1009, "text"},
    {26, 1028, "oid"},
    {27, 1010, "tid"},
    {28, 1011, "xid"},
    {29, 1012, "cid"},
    {114, 199, "json"},
    {142, 143, "xml"},
    {600, 1017, "point"},
    {601, 1018, "lseg"},
    {602, 1019, "path"},
    {603, 1020, "box"},
    {604, 1027, "polygon"},
    {628, 629, "line"},
    {650, 651, "cidr"},
    {700, 1021, "real"},
    {701, 1022, "double precision"},
    {718, 719, "circle"},
    {774, 775, "macaddr8"},
    {790, 791, "money"},
    {829, 1040, "macaddr"},
    {869, 1041, "inet"},
    {1042, 1014, "bpchar", modified::characters, "character"},
    {1043, 1015, "character varying", modified::characters, "character varying"},
    {1082, 1182, "date"},
    {1083, 1183, "time without time zone", modified::seconds, "time", " without time zone"},
    {1114, 1115, "timestamp without time zone", modified::seconds, "timestamp", " without time zone"},
    {1184, 1185, "timestamp with time zone", modified::seconds, "timestamp", " with time zone"},
    {1186, 1187, "interval"},
    {1266, 1270, "time with time zone", modified::seconds, "time", " with time zone"},
    {1560, 1561, "\"bit\"", modified::bits, "bit"},
    {1562, 1563, "bit varying", modified::bits, "bit varying"},
    {1700, 1231, "numeric", modified::digits, "numeric"},
    {2202, 2207, "regprocedure"},
    {2205, 2210, "regclass"},
    {2206, 2211, "regtype"},
    {2249, 2287, "record"},
    {2278, 0, "void"},
    {2950, 2951, "uuid"},
    {3220, 3221, "pg_lsn"},
    {3614, 3643, "tsvector"},
    {3615, 3645, "tsquery"},
    {3802, 3807, "jsonb"},
    {3904, 3905, "int4range"},
    {3906, 3907, "numrange"},
    {3908, 3909, "tsrange"},
    {3910, 3911, "tstzrange"},
    {3912, 3913, "daterange"},
    {3926, 3927, "int8range"},
    {4072, 4073, "jsonpath"},
    {4451, 6150, "int4multirange"},
    {4532, 6151, "nummultirange"},
    {4533, 6152, "tsmultirange"},
    {4534, 6153, "tstzmultirange"},
    {4535, 6155, "datemultirange"},
    {4536, 6157, "int8multirange"},
    {5069, 271, "xid8"},
});
static_assert(std::ranges::is_sorted(types, {}, &builtin_type::oid));

constexpr std::int32_t header_bytes = 4;  // A modifier that counts characters or digits counts these too.
constexpr std::int32_t scale_bits = 0x7FF;
constexpr std::int32_t scale_sign = 0x400;

/// Precision and scale, which may be negative.
std::string digits(std::int32_t packed) {
    const auto scale = ((packed & scale_bits) ^ scale_sign) - scale_sign;
    return std::to_string(packed >> 16) + "," + std::to_string(scale);
}

/// Empty where the modifier is none that such a type has.
std::string modifier_text(modified by, std::int32_t modifier) {
    switch (by) {
        case modified::never: return {};
        case modified::characters: return modifier > header_bytes ? std::to_string(modifier - header_bytes) : "";
        case modified::digits: return modifier > header_bytes ? digits(modifier - header_bytes) : "";
        case modified::bits:
        case modified::seconds: break;
    }
    return std::to_string(modifier);
}

std::string name_of(const builtin_type& type, std::int32_t modifier) {
    if (modifier < 0) return std::string(type.name);
    const auto text = modifier_text(type.by, modifier);
    if (text.empty()) return {};
    return std::string(type.modified_name).append("(").append(text).append(")").append(type.behind);
}

}  // namespace

std::string builtin_type_name(std::uint32_t oid, std::int32_t modifier) {
    if (const auto* found = std::ranges::lower_bound(types, oid, {}, &builtin_type::oid);
        found != types.end() && found->oid == oid) {
        return name_of(*found, modifier);
    }
    const auto* array = std::ranges::find(types, oid, &builtin_type::array);
    if (array == types.end() || oid == 0) return {};
    const auto element = name_of(*array, modifier);
    return element.empty() ? element : element + "[]";
}

}  // namespace penholder::sql
