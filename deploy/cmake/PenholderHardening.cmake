# What makes a mistake in memory an end of the process and not somebody's way in: for all that is built here, so that
# rooms, programs and tests are compiled alike. tests/deploy/hardening reads it off the programs.

include(CheckCXXCompilerFlag)

add_compile_options(-fstack-protector-strong)
add_compile_definitions(_GLIBCXX_ASSERTIONS)
check_cxx_compiler_flag(-fcf-protection PENHOLDER_HAS_CF_PROTECTION)
if(PENHOLDER_HAS_CF_PROTECTION)
    add_compile_options(-fcf-protection)
endif()

# Without optimisation it does nothing but warn; sanitizers look at the same calls, and better.
set(PENHOLDER_IS_FORTIFIED OFF)
if(NOT PENHOLDER_SANITIZE AND CMAKE_BUILD_TYPE MATCHES "^(Release|RelWithDebInfo|MinSizeRel)$")
    set(PENHOLDER_IS_FORTIFIED ON)
    add_compile_options(-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3)
endif()

add_link_options(-Wl,-z,relro -Wl,-z,now -Wl,-z,noexecstack)
add_link_options($<$<STREQUAL:$<TARGET_PROPERTY:TYPE>,EXECUTABLE>:-pie>)
