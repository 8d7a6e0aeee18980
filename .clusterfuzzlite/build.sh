#!/bin/bash -eu
exec "$SRC/agentslock/fuzz/oss-fuzz/build.sh"
