// A test that finds nothing must be seen to find something: without the comparison of the token a document is written over that
// nobody has read. Linked to the mutants of properties/mutants/.
#include <gtest/gtest.h>

#include "mutant.hpp"
#include "support/postgres_documents_fixture.hpp"

namespace agentslock::testing {
namespace {

using SwitchedDocuments = postgres_documents_test;

TEST_F(SwitchedDocuments, WithoutTheTokenWhatNobodyHasReadIsWrittenOver) {
  const with_mutant on(mutant::token_is_not_compared);
  const auto done = write_over_what_a_restore_undid(database, documents);
  EXPECT_TRUE(done) << done.error().message();
  EXPECT_EQ(bytes_in(documents, "restored"), "over it");
}

TEST_F(SwitchedDocuments, WithItThatIsAConflict) {
  EXPECT_EQ(write_over_what_a_restore_undid(database, documents).error().code(), errc::conflict);
}

}  // namespace
}  // namespace agentslock::testing
// SPDX-License-Identifier: Apache-2.0
