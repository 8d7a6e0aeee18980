#include "markup.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>

#include "display_width.hpp"
#include "terminal.hpp"

namespace agentslock::cli {
namespace {

/// A printable text, with what means something in markup replaced.
std::string escaped(std::string_view printable_text) {
  std::string shown;
  for (const char c : printable_text) {
    switch (c) {
      case '&':
        shown += "&amp;";
        break;
      case '<':
        shown += "&lt;";
        break;
      case '>':
        shown += "&gt;";
        break;
      case '"':
        shown += "&quot;";
        break;
      case '\'':
        shown += "&#39;";
        break;
      default:
        shown += c;
    }
  }
  return shown;
}

}  // namespace

std::string markup(std::string_view text) {
  return escaped(printable(text, charset::utf8));
}

void svg_picture::rectangle(const box& at, std::string_view classes, double radius) {
  fmt::format_to(
      std::back_inserter(shapes_),
      "<rect class=\"{}\" x=\"{:.0f}\" y=\"{:.0f}\" width=\"{:.0f}\" height=\"{:.0f}\" rx=\"{:.0f}\"/>\n",
      classes, at.corner.x, at.corner.y, at.width, at.height, radius);
}

void svg_picture::circle(point centre, double radius, std::string_view classes) {
  fmt::format_to(std::back_inserter(shapes_),
                 "<circle class=\"{}\" cx=\"{:.0f}\" cy=\"{:.0f}\" r=\"{:.0f}\"/>\n", classes, centre.x,
                 centre.y, radius);
}

void svg_picture::text(point at, std::string_view shown, std::string_view classes, text_anchor anchor,
                       std::string_view whole) {
  const std::string_view stands = anchor == text_anchor::start    ? ""
                                  : anchor == text_anchor::middle ? " text-anchor=\"middle\""
                                                                  : " text-anchor=\"end\"";
  fmt::format_to(std::back_inserter(shapes_), "<text class=\"{}\" x=\"{:.0f}\" y=\"{:.0f}\"{}>{}", classes,
                 at.x, at.y, stands, escaped(shown));
  if (!whole.empty()) shapes_ += "<title>" + markup(whole) + "</title>";
  shapes_ += "</text>\n";
}

void svg_picture::name(point at, std::string_view shown, std::size_t columns, std::string_view classes,
                       std::string_view whole) {
  text(at, cut_to_width(printable(shown, charset::utf8), columns), classes, text_anchor::start, whole);
}

void svg_picture::more(point at, std::size_t count) {
  text(at, fmt::format("and {} more", count), "more");
}

void svg_picture::head(point tip, point direction, std::string_view classes) {
  const double length = std::max(1.0, direction.length());
  const point along{direction.x / length * 8, direction.y / length * 8};
  const point across{-along.y / 2, along.x / 2};
  fmt::format_to(std::back_inserter(shapes_),
                 "<path class=\"head {}\" d=\"M{:.1f} {:.1f}L{:.1f} {:.1f}L{:.1f} {:.1f}Z\"/>\n", classes,
                 tip.x, tip.y, tip.x - along.x + across.x, tip.y - along.y + across.y,
                 tip.x - along.x - across.x, tip.y - along.y - across.y);
}

void svg_picture::arrow(point from, point to, std::string_view classes) {
  fmt::format_to(std::back_inserter(shapes_),
                 "<path class=\"line {}\" d=\"M{:.1f} {:.1f}L{:.1f} {:.1f}\"/>\n", classes, from.x, from.y,
                 to.x, to.y);
  head(to, {to.x - from.x, to.y - from.y}, classes);
}

void svg_picture::curve(point from, int leaves, point to, int arrives, std::string_view classes) {
  const double reach = std::max(50.0, std::abs(to.x - from.x) / 2);
  fmt::format_to(std::back_inserter(shapes_),
                 "<path class=\"line {}\" d=\"M{:.1f} {:.1f}C{:.1f} {:.1f} {:.1f} {:.1f} {:.1f} {:.1f}\"/>\n",
                 classes, from.x, from.y, from.x + leaves * reach, from.y, to.x - arrives * reach, to.y, to.x,
                 to.y);
  head(to, {static_cast<double>(arrives) * 8, 0}, classes);
}

std::string svg_picture::finish(double width, double height, std::string_view label) const {
  return fmt::format(
      "<svg role=\"img\" aria-label=\"{}\" width=\"{:.0f}\" height=\"{:.0f}\" viewBox=\"0 0 {:.0f} "
      "{:.0f}\">\n{}</svg>\n",
      markup(label), width, height, width, height, shapes_);
}

}  // namespace agentslock::cli
// SPDX-License-Identifier: Apache-2.0
