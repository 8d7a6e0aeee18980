# Installs the build into an empty prefix, then builds and runs the consumer against it, from clean directories: with all
# that there is, and with the kernel alone where no other library can be found.
#
#   cmake -D BUILD=... -D WORK=... -D GENERATOR=... -D COMPILER=... -D FLAGS=... -D POSTGRES=ON|OFF -P run.cmake
#
# Generator, compiler and flags are those of the build: a machine may have no other, and static libraries with
# sanitizers go only into programs with the same. What the consumer knows of agentslock is CMAKE_PREFIX_PATH alone.
cmake_minimum_required(VERSION 3.25)
set(prefix ${WORK}/prefix)

function(run)
  execute_process(COMMAND ${ARGV} COMMAND_ERROR_IS_FATAL ANY COMMAND_ECHO STDOUT)
endfunction()

function(build directory)
  run(${CMAKE_COMMAND} -S ${CMAKE_CURRENT_LIST_DIR} -B ${directory} -G ${GENERATOR} -D CMAKE_CXX_COMPILER=${COMPILER}
      -D CMAKE_CXX_FLAGS=${FLAGS} -D CMAKE_PREFIX_PATH=${prefix} ${ARGN})
  run(${CMAKE_COMMAND} --build ${directory})
  run(${CMAKE_COMMAND} -E chdir ${directory} ./kernel_only)
  # UndefinedBehaviorSanitizer looks, in the library, at the types of objects; this program has none, by -fno-rtti.
  if(NOT FLAGS MATCHES "undefined")
    run(${CMAKE_COMMAND} -E chdir ${directory} ./kernel_plain)
  endif()
endfunction()

file(REMOVE_RECURSE ${WORK})
run(${CMAKE_COMMAND} --install ${BUILD} --prefix ${prefix})
run(${prefix}/bin/agentslock --version)
build(${WORK}/all -D WITH_POSTGRES=${POSTGRES})
run(${CMAKE_COMMAND} -E chdir ${WORK}/all ./with_sqlite)
run(${CMAKE_COMMAND} -E chdir ${WORK}/all ./with_laws)
if(POSTGRES)
  run(${CMAKE_COMMAND} -E chdir ${WORK}/all ./with_postgres)
endif()

set(without)
foreach(package IN ITEMS Boost OpenSSL PostgreSQL SQLite3 Threads)
  list(APPEND without -D CMAKE_DISABLE_FIND_PACKAGE_${package}=ON)
endforeach()
build(${WORK}/kernel -D WITH_SQLITE=OFF ${without})
