# For a build that fuzzes: Boost.JSON from its header-only source, with the flags of this build; of Boost.Filesystem, which
# has none, nothing but the headers: no target calls what needs more. Included right after
# project(), so that find_package(Boost) finds the target there already:
#
#     cmake -D CMAKE_PROJECT_agentslock_INCLUDE=fuzz/engine.cmake …
find_package(Boost 1.81 REQUIRED)
add_library(agentslock_boost_json STATIC ${CMAKE_CURRENT_LIST_DIR}/boost_json.cpp)
target_compile_features(agentslock_boost_json PUBLIC cxx_std_20)
target_link_libraries(agentslock_boost_json PUBLIC Boost::headers)
add_library(Boost::json INTERFACE IMPORTED)
set_target_properties(Boost::json PROPERTIES INTERFACE_LINK_LIBRARIES agentslock_boost_json)
add_library(Boost::filesystem INTERFACE IMPORTED)
set_target_properties(Boost::filesystem PROPERTIES INTERFACE_LINK_LIBRARIES Boost::headers)
# SPDX-License-Identifier: Apache-2.0
