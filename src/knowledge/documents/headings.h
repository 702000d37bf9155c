// The path of headings around a place in a document: "Setup > Tests".
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "platform/base/text.h"

namespace mira::documents {

class HeadingPath {
 public:
  void enter(int level, std::string_view title) {  // level from 1
    while (!open_.empty() && open_.back().level >= level) open_.pop_back();
    open_.push_back({level, std::string(base::truncate_utf8(base::trim(title), 120))});
  }
  std::string text() const {
    std::string out;
    for (const Heading& heading : open_) out += (out.empty() ? "" : " > ") + heading.title;
    return out;
  }

 private:
  struct Heading {
    int level;
    std::string title;
  };
  std::vector<Heading> open_;
};

}  // namespace mira::documents
