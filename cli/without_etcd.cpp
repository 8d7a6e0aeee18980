// In the place of etcd_store.cpp where libcurl was not there to build with.
#include <memory>

#include "etcd_store.hpp"

namespace agentslock::cli {

result<std::unique_ptr<keyed_documents>> open_etcd_documents() {
  return error(errc::store_unreachable,
               "this agentslock was built without etcd: build it where libcurl is (Debian: "
               "libcurl4-openssl-dev), with AGENTSLOCK_ETCD=ON");
}

}  // namespace agentslock::cli
// SPDX-License-Identifier: Apache-2.0
