// Boost.JSON, compiled into the library: the distribution's archive is not made for shared ones, and its shared library may not be
// the only Boost of a process that loads us.
#include <boost/json/src.hpp>
// SPDX-License-Identifier: Apache-2.0
