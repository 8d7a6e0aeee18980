// A backend that keeps its document and its views in one PostgreSQL database, and builds and records in one transaction: no crash
// can leave a view that is called ready over tables that are not there, nor the reverse.
//   backend PROJECT start         what each instance does first: what is missing or lost is built
//   backend PROJECT query VIEW    the view's rows, if the gate lets one read them
// The database is that of libpq's environment. The adapter `crg` has its tables in the schema crg, by schema.sql; `comp` keeps a
// view for each view/NAME.sql. docs/postgresql.md tells the why of it.
#include <agentslock/io/digest.hpp>
#include <agentslock/io/postgres_moment.hpp>
#include <agentslock/kernel/query_gate.hpp>
#include <agentslock/kernel/waiting.hpp>
#include <iostream>

#include "database.hpp"

using namespace agentslock;

class backend {
 public:
  explicit backend(std::string at) : at_(std::move(at)) {}

  int start() {
    documents_.init().value();
    const std::string schema = digest(text_of(at_ + "/schema.sql"));
    database().run(text_of(at_ + "/schema.sql"));
    const auto activate = [&](lockfile& file) -> result<> {
      if (file.find_adapter("crg") != nullptr) return {};
      return file.activate("crg", schema, schema, document_.now());
    };
    document_.update(activate).value();
    // Which views are ready over tables that are gone, or are others: both are read in one snapshot.
    reconcile_at_one_moment(postgres_moment("", key), reconcile_mode::write).value();
    for (const std::string& view : names_in(at_ + "/view"))
      build({"comp", view}, {"crg", schema, "1"});
    return 0;
  }

  int query(const std::string& view) {
    const loaded_lockfile now = document_.load().value();
    const gate_answer gate = may_query(now.file(), {"comp", view}, fall_through::refused);
    if (gate.decision != gate_decision::allowed) return (std::cout << gate.reason << "\n", 3);
    std::cout << database().run("SELECT * FROM comp." + quoted(view));
    return 0;
  }

 private:
  static constexpr const char* key = "example";

  /// Builds a view that is not ready, and records it. Where anything fails, nothing is built and nothing recorded.
  void build(const named_view& view, const dependency& reads) {
    database at;  // rolled back with the object, unless it was committed
    at.run("BEGIN; CREATE SCHEMA IF NOT EXISTS comp");
    const postgres_documents documents = postgres_documents::within(at.connection()).value();
    const lockfile_store document(documents.document(key));
    const loaded_lockfile before = document.load().value();
    const bool is_new = before.file().find_view(view) == nullptr;
    if (!is_new && !waiting(before.file()).is_rebuildable(view)) return;
    const std::string table = "comp." + quoted(view.view);
    at.run("DROP TABLE IF EXISTS " + table + "; CREATE TABLE " + table + " AS " +
           text_of(at_ + "/view/" + view.view + ".sql"));
    const std::string built = postgres_views_within(at.connection()).find(view).value().value();
    const auto record = [&](lockfile& file) -> result<> {
      if (is_new) return file.register_view(view, built, {&reads, 1}, document.now());
      const adapter_schema read{reads.adapter, reads.schema_digest};
      return file.mark_view_rebuilt(view, built, {read}, document.now());
    };
    // A conflict, too, is thrown, and rolls back: another instance was first, and what it wrote is found at the next start.
    document.update(record).value();
    at.run("COMMIT");
  }

  const std::string at_;
  const postgres_documents documents_{""};
  const lockfile_store document_{documents_.document(key)};
};

int main(int count, char** words) try {
  backend own(count > 1 ? words[1] : ".");
  const std::string task = count > 2 ? words[2] : "";
  if (task == "start") return own.start();
  return task == "query" && count > 3 ? own.query(words[3]) : 1;
} catch (const std::exception& failed) {
  return (std::cerr << "backend: " << failed.what() << "\n", 4);
}
// SPDX-License-Identifier: Apache-2.0
