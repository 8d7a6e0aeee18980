# Installs the build into an empty prefix, then builds and runs the consumer against it, from clean directories: with all
# that there is, and with each part where only what it needs can be found. Then what is said when something is missing.
#
#   cmake -D BUILD=... -D WORK=... -D GENERATOR=... -D COMPILER=... -D FLAGS=... -P run.cmake
#
# Generator, compiler and flags are those of the build: a machine may have no other, and static libraries with
# sanitizers go only into programs with the same. What the consumer knows of agentslock is CMAKE_PREFIX_PATH alone.
cmake_minimum_required(VERSION 3.25)
set(prefix ${WORK}/prefix)

function(run)
  execute_process(COMMAND ${ARGV} COMMAND_ERROR_IS_FATAL ANY COMMAND_ECHO STDOUT)
endfunction()

# consumer(NAME WITHOUT packages... [arguments of cmake...]): sets `configure` to the call, and `directory`.
macro(consumer name without)
  set(directory ${WORK}/${name})
  set(configure ${CMAKE_COMMAND} -S ${CMAKE_CURRENT_LIST_DIR} -B ${directory} -G ${GENERATOR}
      -D CMAKE_CXX_COMPILER=${COMPILER} -D CMAKE_CXX_FLAGS=${FLAGS} -D CMAKE_PREFIX_PATH=${prefix} ${ARGN})
  foreach(package IN ITEMS ${without})
    list(APPEND configure -D CMAKE_DISABLE_FIND_PACKAGE_${package}=ON)
  endforeach()
endmacro()

# builds(NAME WITHOUT PROGRAMS [arguments of cmake...]): the consumer, where these packages can't be found; runs the programs.
function(builds name without programs)
  consumer("${name}" "${without}" ${ARGN})
  run(${configure})
  run(${CMAKE_COMMAND} --build ${directory})
  foreach(program IN LISTS programs)
    run(${CMAKE_COMMAND} -E chdir ${directory} ./${program})
  endforeach()
endfunction()

# says(NAME WITHOUT TEXT [arguments of cmake...]): the consumer is refused, and the reason is said.
function(says name without text)
  consumer("${name}" "${without}" ${ARGN})
  execute_process(COMMAND ${configure} RESULT_VARIABLE status OUTPUT_VARIABLE out ERROR_VARIABLE said)
  string(REGEX REPLACE "[ \n]+" " " said "${said}")
  string(FIND "${said}" "${text}" found)
  if(status EQUAL 0 OR found EQUAL -1)
    message(FATAL_ERROR "${name}: status ${status}, and \"${text}\" was expected in:\n${said}")
  endif()
endfunction()

# by_pkg_config(PROGRAM MODULE): the program, by what pkg-config says of the module.
function(by_pkg_config program module)
  file(GLOB_RECURSE modules ${prefix}/agentslock-kernel.pc)
  cmake_path(GET modules PARENT_PATH modules)
  set(directory ${WORK}/pkg-config)
  file(MAKE_DIRECTORY ${directory})
  execute_process(COMMAND ${CMAKE_COMMAND} -E env PKG_CONFIG_PATH=${modules} pkg-config --static --cflags --libs ${module}
    OUTPUT_VARIABLE told OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
  if(module STREQUAL "agentslock-kernel" AND told MATCHES "boost|crypto|sqlite")
    message(FATAL_ERROR "the kernel asks for ${told}")
  endif()
  separate_arguments(told UNIX_COMMAND "${told}")
  run(${COMPILER} -std=c++20 ${FLAGS} ${CMAKE_CURRENT_LIST_DIR}/${program}.cpp -o ${directory}/${program} ${told})
  run(${CMAKE_COMMAND} -E chdir ${directory} ./${program})
endfunction()

file(REMOVE_RECURSE ${WORK})
run(${CMAKE_COMMAND} --install ${BUILD} --prefix ${prefix})
run(${prefix}/bin/agentslock --version)

set(kernel kernel_only)
# UndefinedBehaviorSanitizer looks, in the library, at the types of objects; this program has none, by -fno-rtti.
if(NOT FLAGS MATCHES "undefined")
  list(APPEND kernel kernel_plain)
endif()
builds(all "" "${kernel};with_io;with_sqlite;with_laws")
builds(kernel "Boost;CURL;OpenSSL;PostgreSQL;SQLite3;Threads" "${kernel}" -D PARTS=kernel)
builds(io "CURL;PostgreSQL;SQLite3" "with_io" -D PARTS=io)
builds(what_can_be_had "SQLite3" "kernel_only" -D PARTS=)
if(POSTGRES)
  builds(postgres "CURL;SQLite3" "with_postgres" -D PARTS=postgres)
  by_pkg_config(with_postgres agentslock-postgres)
endif()
if(ETCD)
  builds(etcd "PostgreSQL;SQLite3" "with_etcd" -D PARTS=etcd)
  by_pkg_config(with_etcd agentslock-etcd)
endif()

says(unknown "" "there is no component nonsense but only kernel, io, sqlite" -D PARTS=nonsense)
says(without_sqlite "SQLite3" "component sqlite needs SQLite3, which was not found" -D PARTS=sqlite)
says(without_boost "Boost" "component io needs Boost 1.81, which was not found" -D PARTS=sqlite)

by_pkg_config(kernel_only agentslock-kernel)
by_pkg_config(with_io agentslock-io)
by_pkg_config(with_sqlite agentslock-sqlite)
by_pkg_config(with_laws agentslock-laws)
# SPDX-License-Identifier: Apache-2.0
