# `cmake --install` and `find_package(penholder)`.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

list(TRANSFORM PENHOLDER_ROOMS PREPEND penholder_ OUTPUT_VARIABLE room_targets)
install(TARGETS penholder penholder_face ${room_targets}
        EXPORT penholder ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(DIRECTORY include/penholder DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(EXPORT penholder NAMESPACE penholder:: FILE penholder-targets.cmake
        DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/penholder)
configure_package_config_file(${PROJECT_SOURCE_DIR}/deploy/cmake/penholder-config.cmake.in
    ${PROJECT_BINARY_DIR}/penholder-config.cmake INSTALL_DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/penholder)
write_basic_package_version_file(${PROJECT_BINARY_DIR}/penholder-config-version.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/penholder-config.cmake ${PROJECT_BINARY_DIR}/penholder-config-version.cmake
              ${PROJECT_SOURCE_DIR}/deploy/cmake/PenholderDependencies.cmake
        DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/penholder)

# CMake itself strips programs only.
configure_file(${PROJECT_SOURCE_DIR}/deploy/cmake/strip-archives.cmake.in ${PROJECT_BINARY_DIR}/strip-archives.cmake @ONLY)
install(SCRIPT ${PROJECT_BINARY_DIR}/strip-archives.cmake)
