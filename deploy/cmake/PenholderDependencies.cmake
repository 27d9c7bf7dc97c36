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

# Debian's ZooKeeper C client has neither a .pc file nor a CMake package.
find_path(ZOOKEEPER_INCLUDE_DIR zookeeper/zookeeper.h REQUIRED)
find_library(ZOOKEEPER_LIBRARY zookeeper_mt REQUIRED)
if(NOT TARGET zookeeper::zookeeper_mt)
    add_library(zookeeper::zookeeper_mt UNKNOWN IMPORTED)
    set_target_properties(zookeeper::zookeeper_mt PROPERTIES
        IMPORTED_LOCATION ${ZOOKEEPER_LIBRARY} INTERFACE_INCLUDE_DIRECTORIES ${ZOOKEEPER_INCLUDE_DIR})
endif()
