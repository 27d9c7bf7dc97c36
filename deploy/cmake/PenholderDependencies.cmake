# What Penholder is built from, all of it Debian's packages. docs/dependencies.md says why each.

find_package(Threads REQUIRED)
find_package(Boost 1.81 REQUIRED COMPONENTS json url)
find_package(spdlog REQUIRED)
find_package(fmt REQUIRED)
find_package(OpenSSL REQUIRED)
find_package(Protobuf REQUIRED)
find_package(PkgConfig REQUIRED)
pkg_check_modules(libpq REQUIRED IMPORTED_TARGET libpq)
pkg_check_modules(libpqxx REQUIRED IMPORTED_TARGET libpqxx)

# Debian's libpg_query has neither a .pc file nor a CMake package.
find_path(PG_QUERY_INCLUDE_DIR pg_query.h REQUIRED)
find_library(PG_QUERY_LIBRARY pg_query REQUIRED)
if(NOT TARGET pg_query::pg_query)
    add_library(pg_query::pg_query UNKNOWN IMPORTED)
    set_target_properties(pg_query::pg_query PROPERTIES
        IMPORTED_LOCATION ${PG_QUERY_LIBRARY} INTERFACE_INCLUDE_DIRECTORIES ${PG_QUERY_INCLUDE_DIR})
endif()

# Debian's ZooKeeper C client has neither a .pc file nor a CMake package.
find_path(ZOOKEEPER_INCLUDE_DIR zookeeper/zookeeper.h REQUIRED)
find_library(ZOOKEEPER_LIBRARY zookeeper_mt REQUIRED)
if(NOT TARGET zookeeper::zookeeper_mt)
    add_library(zookeeper::zookeeper_mt UNKNOWN IMPORTED)
    set_target_properties(zookeeper::zookeeper_mt PROPERTIES
        IMPORTED_LOCATION ${ZOOKEEPER_LIBRARY} INTERFACE_INCLUDE_DIRECTORIES ${ZOOKEEPER_INCLUDE_DIR})
endif()
