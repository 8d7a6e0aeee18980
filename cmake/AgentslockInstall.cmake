# What is installed: components of the CMake package, each with a pkg-config file. Included before the first component.
include(CMakePackageConfigHelpers)

set(AGENTSLOCK_CMAKE_DIR ${CMAKE_INSTALL_LIBDIR}/cmake/agentslock)
set(AGENTSLOCK_PKG_CONFIG_DIR ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
# All that there can be, whatever this build leaves out.
set(AGENTSLOCK_COMPONENTS kernel io sqlite postgres etcd c kernel_laws laws)

# agentslock_component(NAME DESCRIPTION text [USES components...] [FINDS packages...] [FINDS_PRIVATE packages...]
#                      [PKG_CONFIG modules...] [LIBRARIES flags...])
#
# Installs the library agentslock_NAME as a component. FINDS: what a program finds by CMake, each as find_package takes it,
# for its headers; FINDS_PRIVATE: also when the library is static. PKG_CONFIG and LIBRARIES are those of FINDS_PRIVATE for
# pkg-config: modules, and flags of what has none.
function(agentslock_component name)
  if(NOT AGENTSLOCK_INSTALL)
    return()
  endif()
  cmake_parse_arguments(PARSE_ARGV 1 ARG "" "DESCRIPTION" "USES;FINDS;FINDS_PRIVATE;PKG_CONFIG;LIBRARIES")
  if(NOT name IN_LIST AGENTSLOCK_COMPONENTS)
    message(FATAL_ERROR "cmake/AgentslockInstall.cmake does not list the component ${name}")
  endif()
  set(target agentslock_${name})
  install(TARGETS ${target} EXPORT ${target}
    ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT development
    LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT library NAMELINK_COMPONENT development)
  install(EXPORT ${target} NAMESPACE agentslock:: FILE agentslock-${name}-targets.cmake
    DESTINATION ${AGENTSLOCK_CMAKE_DIR} COMPONENT development)

  get_target_property(type ${target} TYPE)
  if(type STREQUAL "STATIC_LIBRARY")
    list(APPEND ARG_FINDS ${ARG_FINDS_PRIVATE})
  else()
    set(ARG_PKG_CONFIG "")
    set(ARG_LIBRARIES "")
  endif()
  # Those of this directory may be needed by each other, wherever it is.
  if(BUILD_SHARED_LIBS)
    set_target_properties(${target} PROPERTIES INSTALL_RPATH "$ORIGIN")
  endif()
  # The library of C has the project's name alone.
  set(library ${target})
  set(module agentslock-${name})
  if(name STREQUAL "c")
    set(library agentslock)
    set(module agentslock)
  endif()
  set(component ${CMAKE_CURRENT_BINARY_DIR}/agentslock-${name}.cmake)
  file(CONFIGURE OUTPUT ${component} @ONLY CONTENT "# The component ${name}: those that it stands on, and what it needs.
set(agentslock_${name}_uses \"@ARG_USES@\")
set(agentslock_${name}_finds \"@ARG_FINDS@\")
")
  install(FILES ${component} DESTINATION ${AGENTSLOCK_CMAKE_DIR} COMPONENT development)

  file(RELATIVE_PATH to_prefix /${AGENTSLOCK_PKG_CONFIG_DIR} /)
  string(REGEX REPLACE "/$" "" to_prefix "${to_prefix}")
  string(REPLACE "_" "-" module ${module})
  list(TRANSFORM ARG_USES PREPEND agentslock-)
  string(REPLACE "_" "-" ARG_USES "${ARG_USES}")
  list(JOIN ARG_USES " " uses)
  list(JOIN ARG_PKG_CONFIG " " modules)
  list(JOIN ARG_LIBRARIES " " libraries)
  file(CONFIGURE OUTPUT ${CMAKE_CURRENT_BINARY_DIR}/${module}.pc @ONLY CONTENT [[
prefix=${pcfiledir}/@to_prefix@
libdir=${prefix}/@CMAKE_INSTALL_LIBDIR@
includedir=${prefix}/@CMAKE_INSTALL_INCLUDEDIR@

Name: @module@
Description: @ARG_DESCRIPTION@
Version: @PROJECT_VERSION@
Requires: @uses@
Requires.private: @modules@
Cflags: -I${includedir}
Libs: -L${libdir} -l@library@
Libs.private: @libraries@
]])
  install(FILES ${CMAKE_CURRENT_BINARY_DIR}/${module}.pc DESTINATION ${AGENTSLOCK_PKG_CONFIG_DIR} COMPONENT development)
endfunction()

# agentslock_headers(TO [FILES files...] [DIRECTORY directory [EXCLUDE patterns...]]): into include/agentslock/TO.
function(agentslock_headers to)
  cmake_parse_arguments(PARSE_ARGV 1 ARG "" "" "FILES;DIRECTORY;EXCLUDE")
  if(NOT AGENTSLOCK_INSTALL)
    return()
  endif()
  set(destination ${CMAKE_INSTALL_INCLUDEDIR}/agentslock/${to})
  if(ARG_FILES)
    install(FILES ${ARG_FILES} DESTINATION ${destination} COMPONENT development)
  endif()
  if(ARG_DIRECTORY)
    set(exclude "")
    foreach(pattern IN LISTS ARG_EXCLUDE)
      list(APPEND exclude PATTERN ${pattern} EXCLUDE)
    endforeach()
    install(DIRECTORY ${ARG_DIRECTORY}/ DESTINATION ${destination} COMPONENT development ${exclude})
  endif()
endfunction()

if(AGENTSLOCK_INSTALL)
  configure_package_config_file(${CMAKE_CURRENT_LIST_DIR}/agentslockConfig.cmake.in
    ${CMAKE_CURRENT_BINARY_DIR}/agentslockConfig.cmake INSTALL_DESTINATION ${AGENTSLOCK_CMAKE_DIR}
    NO_SET_AND_CHECK_MACRO NO_CHECK_REQUIRED_COMPONENTS_MACRO)
  write_basic_package_version_file(${CMAKE_CURRENT_BINARY_DIR}/agentslockConfigVersion.cmake
    COMPATIBILITY SameMinorVersion)
  install(FILES ${CMAKE_CURRENT_BINARY_DIR}/agentslockConfig.cmake
                ${CMAKE_CURRENT_BINARY_DIR}/agentslockConfigVersion.cmake
          DESTINATION ${AGENTSLOCK_CMAKE_DIR} COMPONENT development)
endif()
# SPDX-License-Identifier: Apache-2.0
