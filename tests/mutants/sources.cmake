# penholder_mutant_sources(folder): makes rules for a copy of lib/ in that folder, with all of tests/mutants/patches in it.
# The build makes the copy, so a patch that does not apply ends the build and says what to do. To be called in the
# directory whose targets compile the copy.
function(penholder_mutant_sources folder)
    file(GLOB_RECURSE originals RELATIVE ${PROJECT_SOURCE_DIR} CONFIGURE_DEPENDS
        ${PROJECT_SOURCE_DIR}/lib/*.cpp ${PROJECT_SOURCE_DIR}/lib/*.hpp)
    file(GLOB_RECURSE patches CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/tests/mutants/*)
    list(TRANSFORM originals PREPEND ${folder}/ OUTPUT_VARIABLE copies)
    list(APPEND copies ${folder}/lib/base/mutation.hpp ${folder}/lib/base/mutation.cpp)
    list(TRANSFORM originals PREPEND ${PROJECT_SOURCE_DIR}/)
    add_custom_command(OUTPUT ${copies} COMMAND ${PROJECT_SOURCE_DIR}/tests/mutants/apply ${folder}
        DEPENDS ${originals} ${patches} COMMENT "Patching mistakes into a copy of lib/" VERBATIM)
endfunction()
