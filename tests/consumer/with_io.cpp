// A document in the directory that it is run in, and an error that is caught on this side of the library.
#include <agentslock/io/digest.hpp>
#include <agentslock/io/reconcile_document.hpp>
#include <agentslock/kernel/query_gate.hpp>

#include <iostream>

using namespace agentslock;

int main() {
  const lockfile_store store("with_io.lock");
  const auto activated = store.update([&](lockfile& file) -> result<> {
    return file.activate("crg", digest("source"), digest("schema"), store.now());
  });
  if (!activated) {
    std::cerr << activated.error().message() << "\n";
    return 1;
  }
  function_presence views([](view_key) -> result<stored_view> { return stored_view(); });
  if (reconcile_document(store, views, reconcile_mode::write).value().written) return 2;
  try {
    static_cast<void>(lockfile_store("with_io.lock/below.lock").load().value());
  } catch (const error_exception& caught) {
    return name(caught.why().code()).empty() ? 3 : 0;
  }
  return 4;
}
// SPDX-License-Identifier: Apache-2.0
