// Found by: Document/PropertyTest.Holds/ADocumentByTheGoWriterStaysOne, seed 20260701, 2026-11-23, against the seeded
// bug empty_views_stay, which the codec once had unseeded.
// Law: the_go_tools_format_stays.
// When the last view of an adapter goes, materialized_views goes with it, as the Go tool leaves it out.

#include <gtest/gtest.h>

#include <chrono>

#include "laws/document.hpp"

namespace agentslock::properties {
namespace {

TEST(Regression, MaterializedViewsGoesWithTheLastView) {
  const std::string document =
      "{\n  \"adapters\": {\n    \"comp\": {\n      \"source_digest\": \"s\",\n      \"schema_digest\": "
      "\"d0\",\n"
      "      \"activated_at\": \"\",\n      \"materialized_views\": {\n        \"v\": {\n"
      "          \"view_status\": \"ready\"\n        }\n      }\n    }\n  },\n  \"lock_version\": 1\n}\n";
  ASSERT_TRUE(laws::is_in_the_go_tools_format(document));
  const timestamp now{std::chrono::seconds(1782907200)};
  laws::document_change change;
  change.operations.push_back({operations::remove_view{{"comp", "v"}}, now});
  const auto step = laws::take_document_step(document, change);
  ASSERT_TRUE(step);
  const auto broken = laws::first_broken(laws::document_laws(), *step);
  EXPECT_FALSE(broken) << *broken;
}

}  // namespace
}  // namespace agentslock::properties
// SPDX-License-Identifier: Apache-2.0
