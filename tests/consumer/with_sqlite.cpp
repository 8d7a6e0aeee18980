// A document and an SQLite store, in the directory that it is run in.
#include <agentslock/io/digest.hpp>
#include <agentslock/io/reconcile_document.hpp>
#include <agentslock/io/sqlite_presence.hpp>

#include <fstream>
#include <iostream>

using namespace agentslock;

int main() {
  const lockfile_store store("consumer.lock");
  const auto activated = store.update([&](lockfile& file) -> result<> {
    if (auto done = file.activate("crg", digest("source"), digest("schema"), store.now()); !done) {
      return error(done.why());
    }
    if (auto done = file.register_view({"comp", "summary"}, digest("table"), {}, store.now()); !done) {
      return error(done.why());
    }
    return {};
  });
  // Of comp there is no database, but the store is the right one: it holds another adapter's.
  std::ofstream("kg_other.db");
  sqlite_presence views(".");
  const auto pass = reconcile_document(store, views, reconcile_mode::write);
  if (!activated || !pass) {
    std::cerr << (activated ? pass.error() : activated.error()).message() << "\n";
    return 1;
  }
  return pass->written && pass->count(view_state::pending_rebuild) == 1 ? 0 : 2;
}
// SPDX-License-Identifier: Apache-2.0
