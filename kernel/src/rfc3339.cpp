#include "agentslock/kernel/rfc3339.hpp"

#include <chrono>

namespace agentslock {
namespace {

using std::chrono::days;
using std::chrono::floor;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using std::chrono::sys_days;
using std::chrono::year;
using std::chrono::year_month_day;

constexpr timestamp first_time = sys_days(year{0} / 1 / 1);
constexpr timestamp end_of_times = sys_days(year{10000} / 1 / 1);

constexpr bool is_digit(char c) noexcept {
  return c >= '0' && c <= '9';
}

/// Reads fixed-width fields from the front of a text.
class field_reader {
 public:
  explicit constexpr field_reader(std::string_view text) noexcept : rest_(text) {}

  /// A number of exactly this many digits, at most `most`; sets the failure mark otherwise.
  constexpr int number(std::size_t width, int most) noexcept {
    if (rest_.size() < width) return fail();
    int value = 0;
    for (std::size_t i = 0; i < width; ++i) {
      if (!is_digit(rest_[i])) return fail();
      value = value * 10 + (rest_[i] - '0');
    }
    rest_.remove_prefix(width);
    return value <= most ? value : fail();
  }

  constexpr void mark(char expected) noexcept {
    if (!take(expected)) fail();
  }

  constexpr bool take(char expected) noexcept {
    if (rest_.empty() || rest_.front() != expected) return false;
    rest_.remove_prefix(1);
    return true;
  }

  /// One or more digits, whatever they say.
  constexpr void skip_digits() noexcept {
    if (rest_.empty() || !is_digit(rest_.front())) fail();
    while (!rest_.empty() && is_digit(rest_.front()))
      rest_.remove_prefix(1);
  }

  constexpr bool finished() const noexcept { return !failed_ && rest_.empty(); }

 private:
  constexpr int fail() noexcept {
    failed_ = true;
    return 0;
  }

  std::string_view rest_;
  bool failed_ = false;
};

}  // namespace

std::optional<rfc3339_text> format_rfc3339(timestamp time) noexcept {
  if (time < first_time || time >= end_of_times) return std::nullopt;
  const auto day = floor<days>(time);
  const year_month_day date(day);
  const auto in_day = std::chrono::hh_mm_ss<seconds>(time - day);

  rfc3339_text text;
  char* out = text.characters_.data();
  const auto put = [&out](auto number, std::size_t width, char after) {
    auto value = static_cast<unsigned long long>(number);
    for (std::size_t i = width; i-- > 0; value /= 10)
      out[i] = static_cast<char>('0' + value % 10);
    out[width] = after;
    out += width + 1;
  };
  put(static_cast<int>(date.year()), 4, '-');
  put(static_cast<unsigned>(date.month()), 2, '-');
  put(static_cast<unsigned>(date.day()), 2, 'T');
  put(in_day.hours().count(), 2, ':');
  put(in_day.minutes().count(), 2, ':');
  put(in_day.seconds().count(), 2, 'Z');
  return text;
}

std::optional<timestamp> parse_rfc3339(std::string_view text) noexcept {
  field_reader read(text);
  const int y = read.number(4, 9999);
  read.mark('-');
  const int m = read.number(2, 12);
  read.mark('-');
  const int d = read.number(2, 31);
  read.mark('T');
  const int h = read.number(2, 23);
  read.mark(':');
  const int min = read.number(2, 59);
  read.mark(':');
  const int s = read.number(2, 59);
  if (read.take('.')) read.skip_digits();

  minutes offset{0};
  if (!read.take('Z')) {
    const bool behind = read.take('-');
    if (!behind) read.mark('+');
    const int offset_h = read.number(2, 23);
    read.mark(':');
    const int offset_min = read.number(2, 59);
    offset = hours(offset_h) + minutes(offset_min);
    if (behind) offset = -offset;
  }
  const year_month_day date = year(y) / m / d;
  if (!read.finished() || !date.ok()) return std::nullopt;
  return sys_days(date) + hours(h) + minutes(min) + seconds(s) - offset;
}

}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
