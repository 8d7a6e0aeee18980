# Builds a backend of the examples against the installed package, as somebody else would, and runs its day.
#
#   cmake -D EXAMPLE=... -D PREFIX=... -D WORK=... -D GENERATOR=... -D COMPILER=... -D FLAGS=... -D PYTHON=... -P run.cmake
cmake_minimum_required(VERSION 3.25)

function(run)
  execute_process(COMMAND ${ARGV} COMMAND_ERROR_IS_FATAL ANY COMMAND_ECHO STDOUT)
endfunction()

file(REMOVE_RECURSE ${WORK})
run(${CMAKE_COMMAND} -S ${EXAMPLE} -B ${WORK}/build -G ${GENERATOR} -D CMAKE_CXX_COMPILER=${COMPILER}
    -D CMAKE_CXX_FLAGS=${FLAGS} -D CMAKE_PREFIX_PATH=${PREFIX})
run(${CMAKE_COMMAND} --build ${WORK}/build)
run(${CMAKE_COMMAND} -E env BACKEND=${WORK}/build/backend ${PYTHON} -B ${EXAMPLE}/check.py)
# SPDX-License-Identifier: Apache-2.0
