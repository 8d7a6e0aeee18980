// The laws of documents, held against the installed libraries.
#include <agentslock/laws/document.hpp>

#include <chrono>
#include <iostream>

using namespace agentslock;

int main() {
  const timestamp now{std::chrono::seconds(1782907200)};
  const char* const documents[] = {
      "{}",
      "{\n  \"adapters\": {},\n  \"lock_version\": 1\n}\n",
      "{\"units\":[1.0,{}],\"adapters\":{\"crg\":{\"x\":1e5,\"schema_digest\":\"d0\"}}}",
  };
  laws::document_change change;
  change.operations = {{operations::activate{"crg", "s", "d1"}, now},
                       {operations::register_view{{"comp", "summary"}, "v0", {{"crg", "d1", ""}}}, now}};
  change.sections["config"] = "{\"a\": 1}";
  for (const char* document : documents) {
    const auto step = laws::take_document_step(document, change);
    if (!step) {
      std::cerr << step.error().message() << "\n";
      return 1;
    }
    if (const auto broken = laws::first_broken(laws::document_laws(), *step)) {
      std::cerr << *broken << "\n";
      return 2;
    }
  }
  std::cout << std::size(documents) << " documents keep " << laws::document_laws().size() << " laws\n";
  return 0;
}
// SPDX-License-Identifier: Apache-2.0
