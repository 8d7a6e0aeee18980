#include "property.hpp"

#include <rapidcheck.h>
#include <rapidcheck/detail/Configuration.h>

#include <cstdlib>
#include <random>
#include <sstream>
#include <stdexcept>

namespace agentslock::properties {
namespace {

constexpr std::uint64_t fixed_seed = 20260701;
constexpr int default_max_success = 100;

bool is_set(const char* variable) {
  const char* value = std::getenv(variable);
  return value != nullptr && *value != '\0';
}

/// RapidCheck takes a seed of its own where none is given, and prints it: so it is given one before it looks.
std::uint64_t choose_seed() {
  const char* given = std::getenv("RC_PARAMS");
  std::string parameters = given == nullptr ? "" : given;
  if (parameters.find("seed=") == std::string::npos) {
    std::random_device entropy;
    const std::uint64_t seed =
        is_set("AGENTSLOCK_FRESH_SEED") ? std::uint64_t{entropy()} << 32U | entropy() : fixed_seed;
    parameters += " seed=" + std::to_string(seed);
    ::setenv("RC_PARAMS", parameters.c_str(), 1);
  }
  return rc::detail::configuration().testParams.seed;
}

check_outcome check(const property& what, const law_choice& laws, int cases, bool shrinks) {
  const std::uint64_t seed = chosen_seed();
  rc::detail::TestParams parameters = rc::detail::configuration().testParams;
  parameters.seed = seed;
  parameters.maxSuccess = cases;
  parameters.maxSize = what.size_max;
  parameters.disableShrinking = !shrinks;
  rc::detail::TestMetadata metadata;
  metadata.id = std::string(what.name);
  metadata.description = std::string(what.name);
  const auto result = rc::detail::checkTestable([&] { what.check(laws); }, metadata, parameters);
  std::ostringstream report;
  rc::detail::printResultMessage(result, report);
  report << "\nseed=" << parameters.seed << " max_success=" << parameters.maxSuccess
         << " max_size=" << parameters.maxSize;
  return {result.template is<rc::detail::SuccessResult>(), cases, report.str()};
}

}  // namespace

std::uint64_t chosen_seed() {
  static const std::uint64_t seed = choose_seed();
  return seed;
}

check_outcome run(const property& what) {
  (void)chosen_seed();
  const int scale = rc::detail::configuration().testParams.maxSuccess;
  const auto cases = static_cast<int>(std::int64_t{what.cases} * scale / default_max_success);
  return check(what, law_choice(), cases > 0 ? cases : 1, true);
}

check_outcome find_breach(const property& what, std::string_view law, int times) {
  return check(what, law_choice(law), what.cases * times, false);
}

const property& property_named(std::string_view name) {
  for (const auto all : {kernel_properties(), machine_properties(), merge_properties(), codec_properties(),
                         document_properties(), store_properties()}) {
    for (const property& one : all) {
      if (one.name == name) return one;
    }
  }
  throw std::invalid_argument("no property is named " + std::string(name));
}

}  // namespace agentslock::properties
// SPDX-License-Identifier: Apache-2.0
