# Builds the kernel and its laws from a clean directory, installs them into an empty prefix, and runs the laws from a project
# that knows that prefix alone. No other library can be found meanwhile.
#
#   cmake -D SOURCE=... -D WORK=... -D GENERATOR=... -D COMPILER=... -D FLAGS=... -P run.cmake
cmake_minimum_required(VERSION 3.25)
set(prefix ${WORK}/prefix)

function(run)
  execute_process(COMMAND ${ARGV} COMMAND_ERROR_IS_FATAL ANY COMMAND_ECHO STDOUT)
endfunction()

set(alone -G ${GENERATOR} -D CMAKE_CXX_COMPILER=${COMPILER} -D CMAKE_CXX_FLAGS=${FLAGS})
foreach(package IN ITEMS Boost OpenSSL SQLite3 Threads GTest rapidcheck)
  list(APPEND alone -D CMAKE_DISABLE_FIND_PACKAGE_${package}=ON)
endforeach()

file(REMOVE_RECURSE ${WORK})
run(${CMAKE_COMMAND} -S ${SOURCE} -B ${WORK}/laws ${alone} -D CMAKE_INSTALL_PREFIX=${prefix} -D AGENTSLOCK_LAWS=ON
    -D AGENTSLOCK_IO=OFF -D AGENTSLOCK_SQLITE=OFF -D AGENTSLOCK_COMMAND=OFF -D AGENTSLOCK_TESTS=OFF)
run(${CMAKE_COMMAND} --build ${WORK}/laws)
run(${CMAKE_COMMAND} --install ${WORK}/laws)
run(${CMAKE_COMMAND} -S ${CMAKE_CURRENT_LIST_DIR} -B ${WORK}/consumer ${alone} -D CMAKE_PREFIX_PATH=${prefix})
run(${CMAKE_COMMAND} --build ${WORK}/consumer)
run(${CMAKE_COMMAND} -E chdir ${WORK}/consumer ./hold_the_laws)

# What this build left out is refused, with the reason.
execute_process(
  COMMAND ${CMAKE_COMMAND} -S ${CMAKE_CURRENT_LIST_DIR} -B ${WORK}/refused ${alone} -D CMAKE_PREFIX_PATH=${prefix} -D ALSO=io
  RESULT_VARIABLE status OUTPUT_VARIABLE out ERROR_VARIABLE said)
string(REGEX REPLACE "[ \n]+" " " said "${said}")
if(status EQUAL 0 OR NOT said MATCHES "component io was left out when [^ ]*/prefix was built")
  message(FATAL_ERROR "status ${status}, and the reason was expected in:\n${said}")
endif()
# SPDX-License-Identifier: Apache-2.0
