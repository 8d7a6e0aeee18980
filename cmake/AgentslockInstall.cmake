# find_package(agentslock CONFIG) for those who install us.
include(CMakePackageConfigHelpers)

set(AGENTSLOCK_CMAKE_DIR ${CMAKE_INSTALL_LIBDIR}/cmake/agentslock)
configure_package_config_file(${CMAKE_CURRENT_LIST_DIR}/agentslockConfig.cmake.in
  ${CMAKE_CURRENT_BINARY_DIR}/agentslockConfig.cmake INSTALL_DESTINATION ${AGENTSLOCK_CMAKE_DIR})
write_basic_package_version_file(${CMAKE_CURRENT_BINARY_DIR}/agentslockConfigVersion.cmake
  COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/agentslockConfig.cmake
              ${CMAKE_CURRENT_BINARY_DIR}/agentslockConfigVersion.cmake
        DESTINATION ${AGENTSLOCK_CMAKE_DIR})
install(EXPORT agentslock NAMESPACE agentslock:: FILE agentslockTargets.cmake DESTINATION ${AGENTSLOCK_CMAKE_DIR})
