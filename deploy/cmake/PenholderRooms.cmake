# What every target of the project shares, and the one way to make a room.

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)

set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
add_compile_options(-fPIC)

if(PROJECT_IS_TOP_LEVEL)
    set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/bin)
    find_program(PENHOLDER_CCACHE ccache)
    if(PENHOLDER_CCACHE)
        set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime CCACHE_NOHASHDIR=1
            CCACHE_BASEDIR=${PROJECT_SOURCE_DIR} ${PENHOLDER_CCACHE})
    endif()
    find_program(PENHOLDER_LLD ld.lld)
    if(PENHOLDER_LLD)
        add_link_options(-fuse-ld=lld)
    endif()
endif()

if(PENHOLDER_FUZZ)
    add_compile_options(-fsanitize=fuzzer-no-link)
endif()

set(PENHOLDER_SANITIZE "" CACHE STRING "Sanitizers to build with: address,undefined or thread")
if(PENHOLDER_SANITIZE)
    add_compile_options(-fsanitize=${PENHOLDER_SANITIZE} -fno-omit-frame-pointer)
    add_link_options(-fsanitize=${PENHOLDER_SANITIZE})
    if(PENHOLDER_SANITIZE MATCHES "address.*undefined" AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
        # A check at each access, for half of the time to compile: AddressSanitizer ends the process where a pointer is
        # null, and the fuzzers' build by Clang has both.
        add_compile_options(-fno-sanitize=null,alignment)
    endif()
    if(PENHOLDER_SANITIZE STREQUAL "thread")
        add_compile_options(-Wno-tsan)
    endif()
endif()

if(PROJECT_IS_TOP_LEVEL)
    include(PenholderHardening)
endif()

add_library(penholder_warnings INTERFACE)
target_compile_options(penholder_warnings INTERFACE -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror)
# GCC 12 sees dangling and uninitialised values in coroutine frames and std::variant where there are none.
target_compile_options(penholder_warnings INTERFACE
    $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized -Wno-mismatched-new-delete>)

# The headers that nearly every source opens, compiled once. Public headers are tested without it.
function(penholder_precompile target)
    if(PENHOLDER_FUZZ)
        return()  # They hold coroutines, which Clang 14 cannot take from GCC's library.
    endif()
    if(NOT TARGET penholder_precompiled)
        # Written only where it is not there yet: a newer one would compile everything anew after each configuring.
        file(CONFIGURE OUTPUT ${PROJECT_BINARY_DIR}/precompiled.cpp CONTENT "")
        add_library(penholder_precompiled OBJECT ${PROJECT_BINARY_DIR}/precompiled.cpp)
        # By name, not by path: what a compiler's cache knows from one checkout then serves every other.
        target_include_directories(penholder_precompiled PRIVATE ${PROJECT_SOURCE_DIR}/deploy/cmake)
        target_precompile_headers(penholder_precompiled PRIVATE <precompiled.hpp>)
        target_link_libraries(penholder_precompiled PRIVATE Boost::headers spdlog::spdlog penholder_warnings)
        target_compile_definitions(penholder_precompiled PRIVATE ${PENHOLDER_DEFINITIONS})
    endif()
    target_precompile_headers(${target} REUSE_FROM penholder_precompiled)
endfunction()

set(PENHOLDER_BATCHES everything CACHE STRING
    "What is compiled several sources at a time: everything, tests (with simulation and benchmarks) or nothing")

# penholder_batch(list target folder size): in the place of the sources in `list`, which are below `folder`, puts files
# that include up to so many of them each. They name them as seen from `folder`, which has to be among the target's include
# folders: what a compiler's cache knows from one checkout then serves every other. A batch never crosses folders. Without
# batches the list stays as it is.
function(penholder_batch list target folder size)
    if(PENHOLDER_BATCHES STREQUAL "nothing")
        return()
    endif()
    set(batches)
    set(rooms)
    foreach(source IN LISTS ${list})
        cmake_path(RELATIVE_PATH source BASE_DIRECTORY ${folder} OUTPUT_VARIABLE path)
        cmake_path(GET path PARENT_PATH room)
        string(REPLACE / _ room "${room}")
        # Those that ask where the tree stands are compiled anew in every other checkout, so they stay together.
        get_property(asked SOURCE ${source} PROPERTY COMPILE_DEFINITIONS)
        if(asked)
            string(APPEND room _in_place)
            set(in_place ${asked})
        endif()
        list(APPEND rooms ${room})
        list(APPEND together_in_${room} ${path})
    endforeach()
    list(REMOVE_DUPLICATES rooms)
    foreach(room IN LISTS rooms)
        list(LENGTH together_in_${room} all)
        math(EXPR count "(${all} + ${size} - 1) / ${size}")
        foreach(number RANGE 1 ${count})
            math(EXPR begin "${all} * (${number} - 1) / ${count}")
            math(EXPR length "${all} * ${number} / ${count} - ${begin}")
            list(SUBLIST together_in_${room} ${begin} ${length} together)
            list(TRANSFORM together REPLACE "(.+)" "#include \"\\1\"\n")
            string(CONCAT text ${together})
            set(batch ${PROJECT_BINARY_DIR}/batches/${target}/${room}_${number}.cpp)
            file(CONFIGURE OUTPUT ${batch} CONTENT "${text}" @ONLY)
            # What is a source's own looks like a header's here, and would be warned of as such.
            set_source_files_properties(${batch} PROPERTIES
                COMPILE_OPTIONS "-Wno-shadow;$<$<CXX_COMPILER_ID:GNU>:-Wno-subobject-linkage>")
            if(room MATCHES "_in_place$")
                set_source_files_properties(${batch} PROPERTIES COMPILE_DEFINITIONS "${in_place}")
            endif()
            list(APPEND batches ${batch})
        endforeach()
    endforeach()
    set(${list} ${batches} PARENT_SCOPE)
endfunction()

# Ours alone: who uses what is installed has settings of its own.
set(PENHOLDER_DEFINITIONS BOOST_ASIO_NO_DEPRECATED SPDLOG_FMT_EXTERNAL SPDLOG_COMPILED_LIB SPDLOG_SHARED_LIB FMT_SHARED)

# The rooms of lib/, from the ground up; those that decide hold no socket, clock, thread or lock.
set(PENHOLDER_DECIDING_ROOMS base model sql ledger election write lane group)
set(PENHOLDER_ROOMS base model sql ledger election write wire lane group names tls zookeeper tcp postgres node)

# penholder_room(name [FOLDERS inner…] [DEPENDS rooms…] [LIBRARIES public…] [PRIVATE private…])
# A room is the folder it is called in, one static library, and the rooms on lower floors that it may include.
function(penholder_room name)
    cmake_parse_arguments(ROOM "" "" "FOLDERS;DEPENDS;LIBRARIES;PRIVATE" ${ARGN})
    list(TRANSFORM ROOM_FOLDERS APPEND /*.cpp)
    file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp ${ROOM_FOLDERS})
    list(FILTER sources EXCLUDE REGEX "/main\\.cpp$")
    if(PENHOLDER_BATCHES STREQUAL "everything")
        cmake_path(GET CMAKE_CURRENT_SOURCE_DIR PARENT_PATH floor)
        penholder_batch(sources ${name} ${floor} 10)
    endif()
    add_library(penholder_${name} STATIC ${sources})
    add_library(penholder::${name} ALIAS penholder_${name})
    set_target_properties(penholder_${name} PROPERTIES EXPORT_NAME ${name})
    list(TRANSFORM ROOM_DEPENDS PREPEND penholder_)
    target_link_libraries(penholder_${name} PUBLIC ${ROOM_DEPENDS} ${ROOM_LIBRARIES}
        PRIVATE ${ROOM_PRIVATE} $<BUILD_INTERFACE:penholder_warnings>)
    target_include_directories(penholder_${name} PUBLIC $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/lib>
        $<BUILD_INTERFACE:${PROJECT_BINARY_DIR}/lib>)
    target_compile_definitions(penholder_${name} PUBLIC "$<BUILD_INTERFACE:${PENHOLDER_DEFINITIONS}>")
    penholder_precompile(penholder_${name})
endfunction()

# Tells where the sources and the build are, to those sources only that ask: the others compile to the same wherever the
# tree stands, which is what a compiler's cache looks at.
function(penholder_tell_folders)
    foreach(source IN LISTS ARGN)
        file(STRINGS ${source} asks REGEX "PENHOLDER_(SOURCE|BINARY)_DIR|outside_build.hpp" LIMIT_COUNT 1)
        if(asks)
            set_property(SOURCE ${source} APPEND PROPERTY COMPILE_DEFINITIONS
                PENHOLDER_SOURCE_DIR="${PROJECT_SOURCE_DIR}" PENHOLDER_BINARY_DIR="${PROJECT_BINARY_DIR}")
        endif()
    endforeach()
endfunction()
