#include <algorithm>
#include <array>
#include <charconv>

#include "knowledge/documents/document.h"
#include "knowledge/documents/headings.h"
#include "platform/base/utf8_decode.h"

namespace mira::documents {
namespace {

constexpr auto blocks = std::to_array<std::string_view>(
    {"address", "article", "aside", "blockquote", "dd",    "div", "dl",   "dt",
     "figure",  "footer",  "form",  "header",     "hr",    "li",  "main", "nav",
     "ol",      "p",       "pre",   "section",    "table", "tr",  "ul",   "br"});
constexpr auto dropped =
    std::to_array<std::string_view>({"script", "style", "template", "noscript", "svg", "iframe"});

struct Entity {
  std::string_view name, text;
};
constexpr auto entities = std::to_array<Entity>({{"amp", "&"},
                                                 {"lt", "<"},
                                                 {"gt", ">"},
                                                 {"quot", "\""},
                                                 {"apos", "'"},
                                                 {"nbsp", " "},
                                                 {"ndash", "–"},
                                                 {"mdash", "—"},
                                                 {"hellip", "…"},
                                                 {"copy", "©"},
                                                 {"rsquo", "’"},
                                                 {"lsquo", "‘"},
                                                 {"rdquo", "”"},
                                                 {"ldquo", "“"}});

// Appends what an entity stands for; returns its length in the text, 0 when it is none.
std::size_t take_entity(std::string_view text, std::string& out) {
  std::size_t end = text.substr(0, 12).find(';');
  if (end == std::string_view::npos || end < 2) return 0;
  std::string_view name = text.substr(1, end - 1);
  if (name[0] == '#') {
    bool hex = name.size() > 1 && (name[1] == 'x' || name[1] == 'X');
    std::string_view digits = name.substr(hex ? 2 : 1);
    std::uint32_t point = 0;
    auto [stop, code] = std::from_chars(digits.data(), digits.data() + digits.size(), point, hex ? 16 : 10);
    if (code != std::errc() || stop != digits.data() + digits.size()) return 0;
    base::append_utf8(point == 0 ? 0xFFFD : point, out);
    return end + 1;
  }
  auto found = std::ranges::find(entities, name, &Entity::name);
  if (found == entities.end()) return 0;
  out += found->text;
  return end + 1;
}

class HtmlReader {
 public:
  explicit HtmlReader(std::string_view text) : text_(text) {
    out_.sections.push_back({});
    target_ = &body();
  }

  Document run() {
    while (at_ < text_.size()) {
      if (text_[at_] == '<') {
        take_tag();
      } else if (text_[at_] == '&') {
        std::size_t length = take_entity(text_.substr(at_), *target_);
        if (length == 0) *target_ += '&';
        at_ += std::max<std::size_t>(length, 1);
      } else {
        take_byte(text_[at_++]);
      }
    }
    return std::move(out_);
  }

 private:
  std::string& body() { return out_.sections.back().text; }

  void take_byte(char c) {
    bool blank = c == ' ' || c == '\t' || c == '\n' || c == '\r';
    if (!blank || preformatted_) {
      *target_ += c;
    } else if (!target_->empty() && target_->back() != ' ' && target_->back() != '\n') {
      *target_ += ' ';
    }
  }

  void take_tag() {
    if (text_.substr(at_).starts_with("<!--")) {
      std::size_t end = text_.find("-->", at_ + 4);
      at_ = end == std::string_view::npos ? text_.size() : end + 3;
      return;
    }
    std::size_t end = text_.find('>', at_);
    if (end == std::string_view::npos) {
      at_ = text_.size();
      return;
    }
    bool closes = at_ + 1 < text_.size() && text_[at_ + 1] == '/';
    std::size_t first = at_ + (closes ? 2 : 1);
    std::size_t last = first;
    while (last < end && text_[last] != ' ' && text_[last] != '/' && text_[last] != '\n' &&
           text_[last] != '\t')
      ++last;
    std::string name = base::to_lower(text_.substr(first, last - first));
    at_ = end + 1;
    act_on(name, closes);
  }

  void act_on(const std::string& name, bool closes) {
    if (std::ranges::find(dropped, name) != dropped.end()) {
      if (!closes) skip_to_end_of(name);
    } else if (name == "title") {
      target_ = closes ? &body() : &out_.title;
    } else if (name.size() == 2 && name[0] == 'h' && name[1] >= '1' && name[1] <= '6') {
      take_heading(name[1] - '0', closes);
    } else if (name == "td" || name == "th") {
      if (closes) *target_ += " | ";
    } else if (std::ranges::find(blocks, name) != blocks.end()) {
      if (name == "pre") preformatted_ = !closes;
      bool paragraph = name != "br" && name != "tr" && name != "li";
      if (target_ == &body()) body() += paragraph ? "\n\n" : "\n";
      if (name == "li" && !closes) body() += "- ";
    }
  }

  void skip_to_end_of(const std::string& name) {
    std::string close = "</" + name;
    while (at_ < text_.size()) {
      std::size_t found = text_.find('<', at_);
      if (found == std::string_view::npos) break;
      if (base::to_lower(text_.substr(found, close.size())) == close) {
        at_ = found;
        return;
      }
      at_ = found + 1;
    }
    at_ = text_.size();
  }

  void take_heading(int level, bool closes) {
    if (!closes) {
      heading_.clear();
      target_ = &heading_;
      return;
    }
    path_.enter(level, heading_);
    if (out_.title.empty()) out_.title = base::trim(heading_);
    out_.sections.push_back({path_.text(), ""});
    target_ = &body();
  }

  std::string_view text_;
  std::size_t at_ = 0;
  Document out_;
  HeadingPath path_;
  std::string heading_;
  std::string* target_ = nullptr;  // where text goes: the body, the title, or a heading
  bool preformatted_ = false;
};

}  // namespace

Document read_html(std::string_view text) {
  return HtmlReader(text).run();
}

}  // namespace mira::documents
