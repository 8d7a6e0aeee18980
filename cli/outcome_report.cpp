#include "outcome_report.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include "json_report.hpp"
#include "streams.hpp"
#include "terminal.hpp"

namespace agentslock::cli {

outcome_report report_error(const error& why) {
  json_report json;
  json.failure(why);
  return {code_for(why.code()), fmt::format("agentslock: {}\n", printable(why.message())),
          std::move(json).finish()};
}

int tell(const outcome_report& report, const common_options& options) {
  const bool failed = report.code == exit_code::failed || report.code == exit_code::could_not_verify ||
                      report.code == exit_code::lock_timeout;
  const int to = failed && !options.json ? STDERR_FILENO : STDOUT_FILENO;
  const auto written = !options.json       ? write_all(to, report.text)
                       : ::isatty(to) != 0 ? write_all(to, printable_json(report.json))
                                           : write_all(to, report.json);
  if (!written) return fail_to_write(written.error());
  if (const auto arrived = finish_output(); !arrived) return fail_to_write(arrived.error());
  return static_cast<int>(report.code);
}

}  // namespace agentslock::cli
