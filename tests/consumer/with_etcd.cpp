// A cluster that is not there: an error, and never that there is no document.
#include <agentslock/io/etcd_documents.hpp>

#include <iostream>

using namespace agentslock;

int main() {
  etcd_access nowhere;
  nowhere.endpoints = {"127.0.0.1:1"};
  const auto found = etcd_documents(nowhere).document("team/project")->read();
  if (found) return 1;
  std::cout << found.error().message() << "\n";
  return found.error().code() == errc::store_unreachable ? 0 : 2;
}
// SPDX-License-Identifier: Apache-2.0
