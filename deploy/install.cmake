# What is installed beside programs and library: documents, a configuration to start from, the unit; and how all of it
# goes again: `cmake -P uninstall.cmake` in the build's folder.
set(documents ${CMAKE_INSTALL_DATAROOTDIR}/doc/penholder)
install(FILES ${PROJECT_SOURCE_DIR}/README.md ${PROJECT_SOURCE_DIR}/ARCHITECTURE.md ${PROJECT_SOURCE_DIR}/CHANGELOG.md
        DESTINATION ${documents})
install(FILES ${PROJECT_SOURCE_DIR}/LICENSE DESTINATION ${documents} RENAME copyright)
install(DIRECTORY ${PROJECT_SOURCE_DIR}/docs DESTINATION ${documents})
install(DIRECTORY ${PROJECT_SOURCE_DIR}/examples/stock-service ${PROJECT_SOURCE_DIR}/examples/nightly-job
        DESTINATION ${documents}/examples)

configure_file(deploy/cmake/installed-prefix.cmake.in ${PROJECT_BINARY_DIR}/installed-prefix.cmake @ONLY)
install(SCRIPT ${PROJECT_BINARY_DIR}/installed-prefix.cmake)
if(PENHOLDER_BUILD_DAEMON)
    # Not into /etc: what is installed again or removed must not touch the configuration of somebody's nodes.
    install(FILES ${PROJECT_SOURCE_DIR}/config/penholderd.toml DESTINATION ${documents}/examples)
    install(FILES ${PROJECT_BINARY_DIR}/penholderd.service DESTINATION lib/systemd/system)
endif()
