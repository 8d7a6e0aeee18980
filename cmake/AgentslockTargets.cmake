# How our targets are declared: one function for libraries, one for tests.

# Warnings for code of ours; never for what a user of the library compiles.
function(agentslock_warnings target)
  target_compile_options(${target} PRIVATE
    -Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual
    -Wold-style-cast -Wcast-align -Wimplicit-fallthrough -Wformat=2
    # GCC 12 sees overlaps where "literal" + std::string has none (its bug 105651).
    $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>
    $<$<BOOL:${AGENTSLOCK_STRICT}>:-Werror>)
endfunction()

# What a library shows is what its public headers declare: each has its namespace between `#pragma GCC visibility push(default)`
# and `pop`. (An attribute of the namespace is not enough: Clang asks the namespace that a definition stands in.)
function(agentslock_hides target)
  set_target_properties(${target} PROPERTIES CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON)
endfunction()

# agentslock_library(NAME sources...): the library agentslock_NAME, known as agentslock::NAME, with the public headers of this
# directory's include/; static, or shared with BUILD_SHARED_LIBS. It is installed as the component NAME of the package, to
# which agentslock_component adds what it needs.
function(agentslock_library name)
  set(target agentslock_${name})
  add_library(${target} ${ARGN})
  add_library(agentslock::${name} ALIAS ${target})
  # The interface of C++ is tied to a compiler, its library and Boost's version: it is another one with each minor version.
  set_target_properties(${target} PROPERTIES EXPORT_NAME ${name} POSITION_INDEPENDENT_CODE ON VERSION ${PROJECT_VERSION}
    SOVERSION ${PROJECT_VERSION_MAJOR}.${PROJECT_VERSION_MINOR})
  agentslock_hides(${target})
  if(BUILD_SHARED_LIBS)
    set(map ${PROJECT_SOURCE_DIR}/cmake/agentslock.map)
    set_target_properties(${target} PROPERTIES LINK_DEPENDS ${map})
    target_link_options(${target} PRIVATE LINKER:--version-script=${map})
  endif()
  target_compile_features(${target} PUBLIC cxx_std_20)
  target_include_directories(${target}
    PUBLIC $<BUILD_INTERFACE:${CMAKE_CURRENT_SOURCE_DIR}/include> $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
  agentslock_warnings(${target})
endfunction()

# Compiles a target's sources as units of so many, which takes a fourth of the time: most of it goes into headers.
# To be called after agentslock_warnings.
function(agentslock_in_units target sources)
  if(AGENTSLOCK_UNITS)
    if(NOT CMAKE_UNITY_BUILD)
      set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE ${sources})
    endif()
    # A file sees the names of those before it in its unit.
    target_compile_options(${target} PRIVATE -Wno-shadow)
  endif()
endfunction()

# agentslock_test(NAME LIBRARIES libs... SOURCES sources... [OPTIMISED] [AS_ONE] [TIMEOUT seconds] [COST number]): a GoogleTest
# executable, each test a case of ctest; AS_ONE: all of them one case, for those that share what is costly to set up. Those with
# the higher cost are run first. Its own sources are compiled in units and not optimised, which halves their compiling;
# OPTIMISED is for those that go through many states by themselves.
function(agentslock_test name)
  cmake_parse_arguments(PARSE_ARGV 1 ARG "OPTIMISED;AS_ONE" "TIMEOUT;COST" "SOURCES;LIBRARIES")
  if(NOT ARG_TIMEOUT)
    set(ARG_TIMEOUT 120)
  endif()
  if(NOT ARG_COST)
    set(ARG_COST 0)
  endif()
  add_executable(${name} ${ARG_SOURCES})
  target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR}/tests/support)
  target_link_libraries(${name} PRIVATE ${ARG_LIBRARIES} GTest::gtest GTest::gtest_main)
  agentslock_warnings(${name})
  agentslock_in_units(${name} 8)
  if(NOT ARG_OPTIMISED)
    target_compile_options(${name} PRIVATE -O0)
  endif()
  if(ARG_AS_ONE)
    add_test(NAME ${name} COMMAND ${name} --gtest_brief=1)
    # Tests that were not found or not run have not passed.
    set_tests_properties(${name} PROPERTIES TIMEOUT ${ARG_TIMEOUT} COST ${ARG_COST}
                         FAIL_REGULAR_EXPRESSION " 0 tests from;SKIPPED")
    return()
  endif()
  gtest_discover_tests(${name} TEST_PREFIX ${name}/ DISCOVERY_TIMEOUT 60
                       PROPERTIES TIMEOUT ${ARG_TIMEOUT} COST ${ARG_COST})
endfunction()
# SPDX-License-Identifier: Apache-2.0
