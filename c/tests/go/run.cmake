# Builds the Go program against the library, without a network, and has it take the steps of all vectors.
#
#   cmake -D GO=... -D LIBRARY=... -D WORK=... -D PYTHON=... -P run.cmake
cmake_minimum_required(VERSION 3.25)
set(root ${CMAKE_CURRENT_LIST_DIR}/../../..)
get_filename_component(directory ${LIBRARY} DIRECTORY)

function(run)
  execute_process(COMMAND ${ARGV} WORKING_DIRECTORY ${CMAKE_CURRENT_LIST_DIR} COMMAND_ERROR_IS_FATAL ANY)
endfunction()

file(MAKE_DIRECTORY ${WORK})
run(${CMAKE_COMMAND} -E env GO111MODULE=on GOFLAGS=-mod=mod GOPROXY=off GOTOOLCHAIN=local GOCACHE=${WORK}/cache
    "CGO_CFLAGS=-I${CMAKE_CURRENT_LIST_DIR}/../../include -O1 -Wall -Werror"
    "CGO_LDFLAGS=-L${directory} -lagentslock -Wl,-rpath,${directory}"
    ${GO} build -o ${WORK}/steps .)
run(${PYTHON} -B ${root}/tests/vectors_check.py ${root}/tests/vectors -- ${WORK}/steps)
# SPDX-License-Identifier: Apache-2.0
