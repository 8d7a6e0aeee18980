# agentslock_python_test(NAME SCRIPT): a file of unittest cases as one case of ctest. The script finds the command in
# the environment as AGENTSLOCK, the build directory of its CMakeLists.txt as BUILD_DIRECTORY, and the directory with the
# node_modules of tests/npm as AGENTSLOCK_NPM.
include_guard(GLOBAL)

set(AGENTSLOCK_NPM ${PROJECT_SOURCE_DIR}/build/npm CACHE PATH "Where npm ci has put what tests/npm/package-lock.json lists")

# The distribution's, which is the one that the distribution's modules are for.
find_program(AGENTSLOCK_PYTHON python3 HINTS /usr/bin REQUIRED)

function(agentslock_python_test name script)
  add_test(NAME ${name} COMMAND ${AGENTSLOCK_PYTHON} -B ${script})
  set_tests_properties(${name} PROPERTIES
    TIMEOUT 120
    ENVIRONMENT "AGENTSLOCK=$<TARGET_FILE:agentslock>;BUILD_DIRECTORY=${CMAKE_CURRENT_BINARY_DIR};AGENTSLOCK_NPM=${AGENTSLOCK_NPM}"
    # Cases that were not found or not run have not passed.
    FAIL_REGULAR_EXPRESSION "Ran 0 tests;skipped=")
endfunction()
# SPDX-License-Identifier: Apache-2.0
