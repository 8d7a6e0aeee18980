// Members of our objects one by one: where new ones go, when empty ones go, and what lists keep.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "adapters_schema.hpp"
#include "agentslock/io/detail/adapters_codec.hpp"
#include "support/adapters_text.hpp"
#include "support/adapters_world.hpp"
#include "support/printers.hpp"

namespace agentslock {
namespace {

using testing::after;
using testing::at;
using testing::made_to_say;

std::string object_with(const std::vector<std::string>& members) {
  std::string text = "{";
  for (const std::string& member : members)
    text += (text.size() > 1 ? ", " : "") + member;
  return text + "}";
}

/// An object of ours in a document: the text around it, its members, and what each says.
struct object_place {
  std::string before;
  std::string after;
  object_schema schema;
  std::vector<std::string> values;
};

std::vector<object_place> object_places() {
  const std::string views = R"({"adapters": {"a": {"materialized_views": {"v": )";
  return {
      {R"({"adapters": {"a": )",
       "}}",
       adapter_schema_members,
       {R"("s")", R"("d")", R"("t")", R"({"v": {"view_status": "q"}})"}},
      {views,
       "}}}}",
       view_schema_members,
       {R"("g")", R"("ready")", R"([{"adapter": "x", "schema_digest": "", "version": ""}])", R"("r")",
        R"("l")", R"([{"at": "", "to": "ready", "trigger": ""}])"}},
      {views + R"({"depends_on": [)", "]}}}}}", dependency_schema_members, {R"("crg")", R"("d")", R"("1")"}},
  };
}

TEST(EncodeAdapters, MissingMembersAreInsertedInTheSchemasOrder) {
  // Every subset of the members, with a member that nobody knows at the front, the end or not at all, is filled up.
  for (const object_place& place : object_places()) {
    const auto member = [&](std::size_t i) {
      return "\"" + std::string(place.schema[i].name) + "\": " + place.values[i];
    };
    std::vector<std::string> all;
    for (std::size_t i = 0; i < place.schema.size(); ++i)
      all.push_back(member(i));
    const std::string wanted = place.before + object_with(all) + place.after;
    // By its adapter a dependency is known.
    const bool is_dependency = place.schema[0].name == "adapter";
    for (std::size_t subset = 0; subset < (std::size_t{1} << all.size()); ++subset) {
      if (is_dependency && (subset & 1U) == 0) continue;
      for (const int unknown_at : {-1, 0, 1}) {
        const std::string unknown = R"("x\u0078": [1.0, {}])";
        std::vector<std::string> given;
        if (unknown_at == 0) given.push_back(unknown);
        for (std::size_t i = 0; i < all.size(); ++i) {
          if ((subset >> i & 1U) != 0) given.push_back(all[i]);
        }
        if (unknown_at == 1) given.push_back(unknown);
        std::vector<std::string> expected = all;
        const bool none_known = subset == 0;
        // Before the end, if a member of ours stood before the unknown one; else where it stood.
        if (unknown_at == 0) expected.insert(expected.begin(), unknown);
        if (unknown_at == 1) expected.insert(none_known ? expected.begin() : expected.end(), unknown);
        EXPECT_EQ(made_to_say(place.before + object_with(given) + place.after, wanted),
                  place.before + object_with(expected) + place.after);
      }
    }
  }
}

TEST(EncodeAdapters, MembersOutOfOrderGetNewOnesBesideTheirNeighbours) {
  EXPECT_EQ(
      made_to_say(
          R"({"adapters": {"a": {"activated_at": "t", "x": 1, "source_digest": "s", "y": 2}}})",
          R"({"adapters": {"a": {"activated_at": "t", "source_digest": "s", "schema_digest": "d"}}})"),
      R"({"adapters": {"a": {"activated_at": "t", "x": 1, "source_digest": "s", "schema_digest": "d", "y": 2}}})");
}

TEST(EncodeAdapters, OptionalMembersThatBecomeEmptyGoAndOthersStayEmpty) {
  for (const object_place& place : object_places()) {
    const bool is_dependency = place.schema[0].name == "adapter";
    for (std::size_t emptied = is_dependency ? 1 : 0; emptied < place.schema.size(); ++emptied) {
      std::vector<std::string> all;
      std::vector<std::string> wanted;
      std::vector<std::string> expected;
      for (std::size_t i = 0; i < place.schema.size(); ++i) {
        const std::string name = "\"" + std::string(place.schema[i].name) + "\": ";
        all.push_back(name + place.values[i]);
        if (i != emptied) wanted.push_back(all.back());
        if (i != emptied) expected.push_back(all.back());
        if (i == emptied && !place.schema[i].left_out_when_empty) expected.push_back(name + "\"\"");
      }
      EXPECT_EQ(made_to_say(place.before + object_with(all) + place.after,
                            place.before + object_with(wanted) + place.after),
                place.before + object_with(expected) + place.after);
    }
  }
}

TEST(EncodeAdapters, NullsAreReplacedOnlyByWhatSaysSomething) {
  constexpr std::string_view nulls =
      R"({"adapters": {"a": {"source_digest": null, "materialized_views": {"v": {"view_digest": null, "view_status": null, "depends_on": null, "state_history": null, "last_rebuilt_at": null}}}}})";
  EXPECT_EQ(made_to_say(nulls, nulls), nulls);
  EXPECT_EQ(
      made_to_say(
          nulls,
          R"({"adapters":{"a":{"source_digest":"s","materialized_views":{"v":{"view_digest":"g","view_status":"ready","depends_on":[{"adapter":"b"}],"state_history":[{"to":"ready"}],"last_rebuilt_at":"r"}}}}})"),
      R"({"adapters": {"a": {"source_digest": "s", "materialized_views": {"v": {"view_digest": "g", "view_status": "ready", "depends_on": [{"adapter": "b", "schema_digest": "", "version": ""}], "state_history": [{"at": "", "to": "ready", "trigger": ""}], "last_rebuilt_at": "r"}}}}})");
}

TEST(EncodeAdapters, ANullItemIsAnItem) {
  constexpr std::string_view nulls =
      R"({"adapters": {"a": {"materialized_views": {"v": {"depends_on": [null, {"adapter": "b"}], "view_status": "x"}}}}})";
  const std::string changed = after(nulls, [](lockfile& file) {
    const dependency now[] = {{"b", "d", ""}};
    reconcile_report report;
    EXPECT_TRUE(file.reconcile(nothing_present, report, at(0)));
    EXPECT_FALSE(file.resolve_recompat({"a", "v"}, verdict::passed, now, at(0)));
  });
  EXPECT_NE(changed.find(R"("depends_on": [null, {"adapter": "b"}])"), std::string::npos) << changed;
  EXPECT_EQ(
      made_to_say(
          nulls,
          R"({"adapters":{"a":{"materialized_views":{"v":{"depends_on":[{"version":"1"},{"adapter":"b"}],"view_status":"x"}}}}})"),
      R"({"adapters": {"a": {"materialized_views": {"v": {"depends_on": [{"adapter": "", "schema_digest": "", "version": "1"}, {"adapter": "b"}], "view_status": "x"}}}}})");
}

TEST(EncodeAdapters, TheFirstViewOfAnAdapterFindsItsPlace) {
  struct row {
    std::string_view before, after;
  };
  const row table[] = {
      {R"({
  "adapters": {
    "a": {
      "source_digest": "s",
      "x": 1
    }
  }
})",
       R"({
  "adapters": {
    "a": {
      "source_digest": "s",
      "materialized_views": {
        "v": {
          "view_digest": "g",
          "view_status": "ready"
        }
      },
      "x": 1
    }
  }
})"},
      {R"({
  "adapters": {
    "a": {
      "materialized_views": null,
      "source_digest": "s"
    }
  }
})",
       R"({
  "adapters": {
    "a": {
      "materialized_views": {
        "v": {
          "view_digest": "g",
          "view_status": "ready"
        }
      },
      "source_digest": "s"
    }
  }
})"},
      {R"({
  "adapters": {
    "a": {
      "source_digest": "s",
      "materialized_views": {}
    }
  }
})",
       R"({
  "adapters": {
    "a": {
      "source_digest": "s",
      "materialized_views": {
        "v": {
          "view_digest": "g",
          "view_status": "ready"
        }
      }
    }
  }
})"},
      {R"({
  "adapters": {
    "a": {"source_digest": "s", "materialized_views": {}}
  }
})",
       R"({
  "adapters": {
    "a": {"source_digest": "s", "materialized_views": {"v": {"view_digest": "g", "view_status": "ready"}}}
  }
})"},
      {R"({
  "adapters": {
    "a": {}
  }
})",
       R"({
  "adapters": {
    "a": {
      "source_digest": "s",
      "materialized_views": {
        "v": {
          "view_digest": "g",
          "view_status": "ready"
        }
      }
    }
  }
})"},
      {R"({"adapters":{}})", R"({"adapters":{"a":{"source_digest":"s","schema_digest":"","activated_at":"",)"
                             R"("materialized_views":{"v":{"view_digest":"g","view_status":"ready"}}}}})"},
  };
  for (const row& one : table) {
    EXPECT_EQ(made_to_say(one.before, R"({"adapters":{"a":{"source_digest":"s","materialized_views":{"v":{)"
                                      R"("view_digest":"g","view_status":"ready"}}}}})"),
              one.after);
  }
}

TEST(EncodeAdapters, TheLastViewTakesItsMapWithIt) {
  constexpr std::string_view one_view =
      R"({"adapters": {"a": {"materialized_views": {"v": {}}, "x": 1}, "b": {"materialized_views": {}}}})";
  EXPECT_EQ(after(one_view,
                  [](lockfile& file) {
                    EXPECT_TRUE(file.remove_view({"a", "v"}));
                  }),
            R"({"adapters": {"a": {"x": 1}, "b": {"materialized_views": {}}}})");
}

}  // namespace
}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
