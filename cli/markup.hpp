// HTML and SVG, by hand: what texts of others become in them, and the few shapes that our pictures are made of.
#pragma once

#include <cmath>
#include <cstddef>
#include <string>
#include <string_view>

namespace agentslock::cli {

/// A text of others as HTML and SVG show it, as an element's content or as an attribute in double quotes: made printable, and
/// with what means something in markup replaced. Linear.
[[nodiscard]] std::string markup(std::string_view text);

struct point {
  double x;
  double y;

  /// How far from {0, 0}.
  [[nodiscard]] double length() const { return std::sqrt(x * x + y * y); }
};

struct box {
  point corner;
  double width;
  double height;
  [[nodiscard]] point centre() const noexcept { return {corner.x + width / 2, corner.y + height / 2}; }
};

/// Where the text of svg_picture::text stands, seen from its point.
enum class text_anchor { start, middle, end };

/// What the pictures of a page have alike: the free space around them, and how wide a name may be.
inline constexpr double picture_margin = 10;
inline constexpr std::size_t picture_name_columns = 27;

/// One SVG element. Coordinates are in pixels from the upper left corner; classes are the page's style sheet's.
class svg_picture {
 public:
  void rectangle(const box& at, std::string_view classes, double radius);
  void circle(point centre, double radius, std::string_view classes);
  /// A text that is printable already. `whole`, any text, is told when the pointer rests on it; empty for nothing.
  void text(point at, std::string_view shown, std::string_view classes,
            text_anchor anchor = text_anchor::start, std::string_view whole = {});
  /// A name of others, cut to so many columns.
  void name(point at, std::string_view text, std::size_t columns, std::string_view classes,
            std::string_view whole);
  /// That some are not shown.
  void more(point at, std::size_t count);
  /// A straight arrow.
  void arrow(point from, point to, std::string_view classes);
  /// A curved one that leaves and arrives horizontally: to the right (1) or to the left (-1).
  void curve(point from, int leaves, point to, int arrives, std::string_view classes);

  /// The element, of this size. `label` says what it shows to those who can't see it.
  [[nodiscard]] std::string finish(double width, double height, std::string_view label) const;

 private:
  void head(point tip, point direction, std::string_view classes);

  std::string shapes_;
};

}  // namespace agentslock::cli
// SPDX-License-Identifier: Apache-2.0
