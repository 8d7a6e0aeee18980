# Debian packages by CPack, of what the components library, development and command install. Configure by the preset `package`:
# paths must be those below /usr. ./dev packages makes and checks them.
if(NOT CMAKE_INSTALL_PREFIX STREQUAL "/usr" OR NOT AGENTSLOCK_COMMAND OR NOT AGENTSLOCK_C)
  return()
endif()

# One time for all that bears one, so that the same sources make the same bytes: the commit's, if nothing else is asked for.
set(AGENTSLOCK_EPOCH $ENV{SOURCE_DATE_EPOCH})
if(NOT AGENTSLOCK_EPOCH)
  execute_process(COMMAND git -C ${PROJECT_SOURCE_DIR} log -1 --format=%ct
    OUTPUT_VARIABLE AGENTSLOCK_EPOCH OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
endif()
set(ENV{SOURCE_DATE_EPOCH} ${AGENTSLOCK_EPOCH})
string(TIMESTAMP AGENTSLOCK_DATE "%a, %d %b %Y %H:%M:%S +0000" UTC)
set(AGENTSLOCK_MAINTAINER "agentslock maintainers <maintainers@agentslock.invalid>"
  CACHE STRING "Who answers for the packages")

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME agentslock)
set(CPACK_PACKAGE_CONTACT ${AGENTSLOCK_MAINTAINER})
set(CPACK_PACKAGE_VERSION ${PROJECT_VERSION})
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS
    OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
set(CPACK_COMPONENTS_ALL library development command)
set(CPACK_COMPONENTS_GROUPING IGNORE)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_RELEASE 1)
set(CPACK_DEBIAN_PACKAGE_SOURCE agentslock)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS_PRIVATE_DIRS ${PROJECT_BINARY_DIR}/c)
set(CPACK_DEBIAN_COMPRESSION_TYPE xz)

set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "state machine of materialized views in .agentsrc.lock")
set(about "The document .agentsrc.lock records which materialized views the adapters of
a project keep, from which schemas they were built, and the status of each.

This package holds")
set(CPACK_DEBIAN_LIBRARY_PACKAGE_NAME libagentslock0)
set(CPACK_DEBIAN_LIBRARY_PACKAGE_SECTION libs)
set(CPACK_DEBIAN_LIBRARY_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_LIBRARY_PACKAGE_CONTROL_EXTRA
    ${CMAKE_CURRENT_LIST_DIR}/debian/triggers ${CMAKE_CURRENT_BINARY_DIR}/debian/shlibs)
set(CPACK_COMPONENT_LIBRARY_DESCRIPTION "${about} the library of C, whose binary interface is stable.")
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_NAME libagentslock-dev)
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_SECTION libdevel)
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_SHLIBDEPS OFF)
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_DEPENDS
    "libagentslock0 (= ${PROJECT_VERSION}-1), libboost-json1.81-dev, libsqlite3-dev, libssl-dev")
set(recommends "")
if(AGENTSLOCK_POSTGRES)
  list(APPEND recommends libpq-dev)
endif()
if(AGENTSLOCK_ETCD)
  list(APPEND recommends libcurl4-openssl-dev)
endif()
list(JOIN recommends ", " CPACK_DEBIAN_DEVELOPMENT_PACKAGE_RECOMMENDS)
set(CPACK_COMPONENT_DEVELOPMENT_DESCRIPTION "${about} headers of C and C++, the static libraries of C++, and what
CMake and pkg-config find them by.")
set(CPACK_DEBIAN_COMMAND_PACKAGE_NAME agentslock)
set(CPACK_DEBIAN_COMMAND_PACKAGE_SECTION utils)
# Loaded when they are asked for, so that nothing else names them.
set(CPACK_DEBIAN_COMMAND_PACKAGE_DEPENDS libsqlite3-0)
set(suggests "")
if(AGENTSLOCK_POSTGRES)
  list(APPEND suggests libpq5)
endif()
if(AGENTSLOCK_ETCD)
  list(APPEND suggests libcurl4)
endif()
list(JOIN suggests ", " CPACK_DEBIAN_COMMAND_PACKAGE_SUGGESTS)
set(CPACK_COMPONENT_COMMAND_DESCRIPTION "${about} the command, which says what is recorded, holds it against
a store, and runs what validates and builds.")

# What each package says about itself.
set(debian ${CMAKE_CURRENT_BINARY_DIR}/debian)
configure_file(${CMAKE_CURRENT_LIST_DIR}/debian/changelog.in ${debian}/changelog @ONLY)
file(WRITE ${debian}/shlibs "libagentslock 0 libagentslock0 (>= ${PROJECT_VERSION})\n")
execute_process(COMMAND gzip -9nc ${debian}/changelog OUTPUT_FILE ${debian}/changelog.Debian.gz COMMAND_ERROR_IS_FATAL ANY)
execute_process(COMMAND gzip -9nc ${PROJECT_SOURCE_DIR}/CHANGELOG.md OUTPUT_FILE ${debian}/changelog.gz
  COMMAND_ERROR_IS_FATAL ANY)
foreach(component IN ITEMS library development command)
  string(TOUPPER ${component} name)
  set(documents share/doc/${CPACK_DEBIAN_${name}_PACKAGE_NAME})
  install(FILES ${debian}/changelog.Debian.gz ${debian}/changelog.gz ${CMAKE_CURRENT_LIST_DIR}/debian/copyright
          DESTINATION ${documents} COMPONENT ${component})
endforeach()

# CPack runs by itself, without this environment.
file(WRITE ${debian}/cpack.cmake "set(ENV{SOURCE_DATE_EPOCH} ${AGENTSLOCK_EPOCH})\n")
set(CPACK_PROJECT_CONFIG_FILE ${debian}/cpack.cmake)
include(CPack)
# SPDX-License-Identifier: Apache-2.0
