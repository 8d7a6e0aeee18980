# Runs a program in an empty directory.
#
#   cmake -D PROGRAM=... -D DIRECTORY=... -P run_in_empty.cmake
cmake_minimum_required(VERSION 3.25)
file(REMOVE_RECURSE ${DIRECTORY})
file(MAKE_DIRECTORY ${DIRECTORY})
execute_process(COMMAND ${PROGRAM} WORKING_DIRECTORY ${DIRECTORY} COMMAND_ERROR_IS_FATAL ANY)
# SPDX-License-Identifier: Apache-2.0
