// The operations on one plain lockfile, in plain ifs over strings; for the plain machine alone.
#pragma once

#include <string>
#include <vector>

#include "plain_lockfile.hpp"

namespace agentslock::reference {

/// The operation on one plain lockfile. `result` remembers the first reason to refuse.
class plain_operation {
 public:
  plain_operation(plain_lockfile& file, timestamp now);

  operation_result result;

  void operator()(const operations::activate& one);
  void operator()(const operations::register_view& one);
  void operator()(const operations::mark_dependee_bumped& one);
  void operator()(const operations::resolve_recompat& one);
  void operator()(const operations::revalidate& one);
  void operator()(const operations::mark_view_rebuilt& one);
  void operator()(const operations::remove_view& one);
  void operator()(const operations::remove_adapter& one);
  void operator()(const operations::reconcile& one);
  void operator()(const operations::cutover& one);
  void operator()(const operations::mark_missed_bumps& one);

 private:
  void refuse(refusal_code why);
  void text(const std::string& one);
  void name(const std::string& one);
  void digest(const std::string& one);
  void dependencies(const std::vector<owned_dependency>& all);
  void time();
  static std::string bumped(const std::string& dependee, const std::string& version);
  static bool records(const plain_view& entry, const std::string& adapter, const std::string& schema_digest);
  void set_adapter(const std::string& name, const std::string& source, const std::string& schema);
  void move(plain_view& entry, const std::string& to, const std::string& trigger);

  plain_lockfile& file_;
  bool time_is_good_ = false;
  std::string now_;
};

}  // namespace agentslock::reference
// SPDX-License-Identifier: Apache-2.0
