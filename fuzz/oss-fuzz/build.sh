#!/bin/bash -eu
# Builds the fuzz targets as OSS-Fuzz asks for it: with $CC, $CXX, $CFLAGS, $CXXFLAGS and $LIB_FUZZING_ENGINE, into $OUT.
# ./dev fuzz and ClusterFuzzLite run this same script.
# OSS-Fuzz runs a copy of it, in the directory of the sources.
source=$PWD
[ -f "$source/fuzz/engine.cmake" ] || source=$(cd "$(dirname "$0")/../.." && pwd)
: "${WORK:?}" "${OUT:?}" "${CC:?}" "${CXX:?}" "${LIB_FUZZING_ENGINE:?}"
mkdir -p "$WORK" "$OUT"

# What the compiled libraries of the distribution hold can be another standard library's: everything in C++ is compiled
# here, and OpenSSL is linked into the targets, since they run where it is not installed.
cmake -S "$source" -B "$WORK/agentslock" -G Ninja \
  -D CMAKE_BUILD_TYPE=None -D CMAKE_C_COMPILER="$CC" -D CMAKE_CXX_COMPILER="$CXX" \
  -D CMAKE_CXX_FLAGS="${CXXFLAGS:-}" \
  -D CMAKE_PROJECT_agentslock_INCLUDE="$source/fuzz/engine.cmake" \
  -D AGENTSLOCK_FUZZING_ENGINE="$LIB_FUZZING_ENGINE" -D AGENTSLOCK_LAWS=ON \
  -D AGENTSLOCK_COMMAND=OFF -D AGENTSLOCK_TESTS=OFF -D AGENTSLOCK_C=OFF -D AGENTSLOCK_SQLITE=OFF -D AGENTSLOCK_POSTGRES=OFF -D AGENTSLOCK_STRICT=OFF \
  -D OPENSSL_USE_STATIC_LIBS=ON >"$WORK/configure.log" || { cat "$WORK/configure.log"; exit 1; }
cmake --build "$WORK/agentslock" --target fuzzers

for target in "$source"/fuzz/fuzz_*.cpp; do
  name=$(basename "$target" .cpp)
  # The canary crashes by design; OSS-Fuzz would report it every day.
  if [ "$name" = fuzz_canary ] && [ -z "${AGENTSLOCK_FUZZ_CANARY:-}" ]; then continue; fi
  cp "$WORK/agentslock/fuzz/$name" "$OUT/"
  [ "$name" != fuzz_canary ] || continue
  python3 "$source/fuzz/oss-fuzz/pack.py" "$source/fuzz" "$name" "$OUT"
done
# SPDX-License-Identifier: Apache-2.0
