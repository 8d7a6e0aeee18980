// A backend: an adapter `crg` with tables about files, and an adapter `comp` that keeps views of them, in SQLite.
//   backend PROJECT start        what each instance does first: what is missing, stale or half done is set right
//   backend PROJECT cutover N    gives crg its schema N, if every view can read it; it also mends, and abandons
//   backend PROJECT serve        answers queries: a view's name on each line of standard input
// The schemas and the programs of the views are files of the project. docs/backend.md tells the why of it.
#include <agentslock/io/cached_lockfile.hpp>
#include <agentslock/io/cutover_document.hpp>
#include <agentslock/io/digest.hpp>
#include <agentslock/io/recover_document.hpp>
#include <agentslock/io/sqlite_presence.hpp>
#include <agentslock/kernel/query_gate.hpp>
#include <iostream>

#include "sql.hpp"

using namespace agentslock;
class backend {
 public:
  explicit backend(const std::string& at)
      : sql_(at), document_(at + "/.agentsrc.lock"), views_(at + "/store") {}
  int start() {
    const new_dependee crg = crg_with(1);
    const auto activate = [&](lockfile& file) {
      if (file.find_adapter("crg") != nullptr) return outcome<>();
      return file.activate("crg", crg.source_digest, crg.schema_digest, document_.now());
    };
    document_.update(activate).value();
    migrate();
    for (const std::string& view : sql_.views())
      adopt({"comp", view});
    const recovered done = recover_document(document_, views_, validator_, builder_).value();
    tell(done.verdicts.views), tell(done.builds.views);
    return done.not_ready() == 0 ? 0 : 2;
  }
  int cutover(int number) {
    const cut_over done = cutover_document(document_, crg_with(number), validator_).value();
    tell(done.judged);
    return done.activated ? start() : done.undecided() ? 4 : 3;
  }
  int serve() const {
    cached_lockfile document(document_);
    for (std::string view; std::getline(std::cin, view);) {
      const gate_answer gate = may_query(*document.current().value(), {"comp", view}, fall_through::refused);
      const bool open = gate.decision == gate_decision::allowed;
      std::cout << (open ? sql_.rows_of(view) : std::string(gate.reason) + "\n") << "." << std::endl;
    }
    return 0;
  }

 private:
  new_dependee crg_with(int number) const {
    return {"crg", digest(sql_.text_of("crg.yaml")), digest(sql_.schema(number)), std::to_string(number)};
  }
  /// Which of our schemas has this digest; 0 when none has.
  int number_of(std::string_view schema_digest) const {
    return sql_.find_schema([&](const std::string& schema) { return digest(schema) == schema_digest; });
  }
  /// Brings crg's own tables to the schema that is active, and not before it is. Which one that is.
  int migrate() const {
    const int active = number_of(document_.load().value().file().find_adapter("crg")->schema_digest);
    sql_.migrate_to(active);
    return active;
  }
  /// Builds a view that the document does not know yet, and records what it was built from.
  void adopt(const named_view& key) {
    if (document_.load().value().file().find_view(key) != nullptr) return;
    const new_dependee read = crg_with(migrate());
    const dependency on_crg{read.name, read.schema_digest, read.version};
    sql_.fill(key.view);
    const std::string built = views_.find(key).value().value();
    const auto add = [&](lockfile& file) {  // unless another instance was faster
      if (file.find_view(key) != nullptr) return outcome<>();
      return file.register_view(key, built, {&on_crg, 1}, document_.now());
    };
    document_.update(add).value();
  }
  validator_answer judge(const view_facts& of) const {
    const int number = number_of(of.dependees.at(0).now.value_or(schema_identity()).digest);
    if (number == 0) return {program_verdict::could_not_tell, "crg's schema is none of ours", {}};
    const std::string why = sql_.why_invalid(of.view, number);
    return {why.empty() ? program_verdict::passed : program_verdict::failed, why, {}};
  }
  builder_answer build(const view_facts& of) const try {
    migrate();
    sql_.fill(of.view);
    return {program_verdict::passed, {}};
  } catch (const std::runtime_error& why) {
    return {program_verdict::failed, why.what()};
  }
  static void tell(const auto& views) {
    for (const auto& one : views)
      if (!one.why.empty()) std::cout << to_string(one.key) << ": " << one.why << "\n";
  }
  const sql_project sql_;
  const lockfile_store document_;
  sqlite_presence views_;
  function_validator validator_{[this](const view_facts& of, const std::stop_token&) { return judge(of); }};
  function_builder builder_{[this](const view_facts& of, const std::stop_token&) { return build(of); }};
};

int main(int count, char** words) try {
  backend own(count > 1 ? words[1] : ".");
  const std::string task = count > 2 ? words[2] : "";
  if (task == "start") return own.start();
  if (task == "serve") return own.serve();
  return task == "cutover" && count > 3 ? own.cutover(std::stoi(words[3])) : 1;
} catch (const std::exception& failed) {
  return (std::cerr << "backend: " << failed.what() << "\n", 1);
}
// SPDX-License-Identifier: Apache-2.0
