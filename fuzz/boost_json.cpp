// Boost.JSON, compiled here so that an engine sees its branches: the one that the distribution has compiled shows none.
#include <boost/json/src.hpp>
// SPDX-License-Identifier: Apache-2.0
