// A compare-and-swap in PostgreSQL against the shortest UPDATE that compares a number.
#include <libpq-fe.h>

#include <cstdlib>
#include <memory>
#include <string>

#include "agentslock/io/postgres_documents.hpp"
#include "support/postgres_server.hpp"
#include "swap_bench.hpp"

namespace agentslock::bench {
namespace {

using testing::shared_postgres_server;

class bare_row {
 public:
  explicit bare_row(const std::string& connection) : connection_(PQconnectdb(connection.c_str()), PQfinish) {
    must(PQexec(connection_.get(),
                "DROP TABLE IF EXISTS bare; CREATE TABLE bare (key text PRIMARY KEY, revision bigint, "
                "content bytea); "
                "INSERT INTO bare VALUES ('document', 0, '')"));
  }
  void swap(std::string_view bytes) {
    const std::string revision = std::to_string(revision_++);
    const char* const given[] = {revision.c_str(), bytes.data()};
    const int sizes[] = {0, static_cast<int>(bytes.size())};
    const int formats[] = {0, 1};
    const std::unique_ptr<PGresult, void (*)(PGresult*)> answer(
        PQexecParams(connection_.get(),
                     "UPDATE bare SET revision = revision + 1, content = $2::bytea "
                     "WHERE key = 'document' AND revision = $1::bigint",
                     2, nullptr, given, sizes, formats, 0),
        PQclear);
    if (std::string_view(PQcmdTuples(answer.get())) != "1") std::abort();
  }

 private:
  static void must(PGresult* answer) {
    if (PQresultStatus(answer) != PGRES_COMMAND_OK) std::abort();
    PQclear(answer);
  }
  std::unique_ptr<PGconn, void (*)(PGconn*)> connection_;
  long revision_ = 0;
};

swap_pair in_postgres() {
  const std::string connection = shared_postgres_server().connection();
  const postgres_documents documents(connection);
  if (!documents.init() || !documents.put("swapped", "{}")) std::abort();
  const auto row = std::make_shared<bare_row>(connection);
  return {documents.document("swapped"), [row](std::string_view bytes) { row->swap(bytes); }};
}

[[maybe_unused]] const bool added = register_swaps("postgres", in_postgres);

}  // namespace
}  // namespace agentslock::bench
// SPDX-License-Identifier: Apache-2.0
