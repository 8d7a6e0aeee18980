#!/bin/bash -eu
exec "$SRC/agentslock/fuzz/oss-fuzz/build.sh"
# SPDX-License-Identifier: Apache-2.0
