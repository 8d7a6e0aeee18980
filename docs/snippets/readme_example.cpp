// The README's example: compiled, and run by test_docs.py. generate_docs copies what stands between the marks.

// [example]
#include <agentslock/io/reconcile_document.hpp>
#include <agentslock/kernel/query_gate.hpp>
#include <iostream>

using namespace agentslock;

int main() {
  lockfile_store store(".agentsrc.lock");
  const auto add = [&](lockfile& file) -> result<> {
    return file.register_view({"comp", "summary"}, "sha256:0a1b", {}, store.now());
  };
  store.update(add).value();  // reads, changes and writes under one lock; value() throws on an error
  function_presence views([](view_key) -> result<stored_view> { return stored_view(); });  // holds nothing
  reconcile_document(store, views, reconcile_mode::write).value();
  const auto loaded = store.load().value();
  const auto answer = may_query(loaded.file(), {"comp", "summary"}, fall_through::refused);
  std::cout << answer.recorded_status << ": " << answer.reason << "; needs " << answer.unblocked_by << "\n";
}
// [end example]
// SPDX-License-Identifier: Apache-2.0
