# Runs in a clean root, of Debian and of our packages in /packages: what a stranger would do with them.
set -euo pipefail
apt-get update -qq
apt-get install -y -qq --no-install-recommends /packages/agentslock_*.deb
agentslock --version
man_page=$(gzip -dc /usr/share/man/man1/agentslock.1.gz)
[[ "$man_page" = *"agentslock"* ]]
[ -s /usr/share/bash-completion/completions/agentslock ]
if [ -e /usr/lib/x86_64-linux-gnu/libagentslock.so.0 ]; then echo "the command brought the library of C"; exit 1; fi

# The library of C, with what it needs to run and nothing to compile with.
apt-get install -y -qq --no-install-recommends /packages/libagentslock0_*.deb
ldconfig -p | grep -q 'libagentslock.so.0'

apt-get install -y -qq --no-install-recommends g++-12 gcc-12 cmake ninja-build pkg-config /packages/libagentslock-dev_*.deb
mkdir /made
cd /made
gcc-12 -std=c11 /packages/example.c $(pkg-config --cflags --libs agentslock) -o by_pkg_config
./by_pkg_config
g++-12 -std=c++20 /packages/with_io.cpp $(pkg-config --static --cflags --libs agentslock-io) -o with_io
./with_io
CC=gcc-12 CXX=g++-12 cmake -S /packages -B build -G Ninja
cmake --build build
build/by_cmake
build/example
# SPDX-License-Identifier: Apache-2.0
