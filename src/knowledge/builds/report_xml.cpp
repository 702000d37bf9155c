#include "knowledge/builds/report_xml.h"

#include <charconv>
#include <map>

#include "knowledge/builds/scan.h"
#include "platform/base/text.h"

namespace mira::builds {
namespace {

void append_code_point(unsigned code, std::string& out) {
  if (code < 0x80) {
    out += static_cast<char>(code);
  } else if (code < 0x800) {
    out += static_cast<char>(0xc0 | (code >> 6));
    out += static_cast<char>(0x80 | (code & 0x3f));
  } else if (code < 0x10000) {
    out += static_cast<char>(0xe0 | (code >> 12));
    out += static_cast<char>(0x80 | ((code >> 6) & 0x3f));
    out += static_cast<char>(0x80 | (code & 0x3f));
  } else if (code < 0x110000) {
    out += static_cast<char>(0xf0 | (code >> 18));
    out += static_cast<char>(0x80 | ((code >> 12) & 0x3f));
    out += static_cast<char>(0x80 | ((code >> 6) & 0x3f));
    out += static_cast<char>(0x80 | (code & 0x3f));
  }
}

// The entity at the front of `text` ("&amp;"), removed; as it stands when it is none.
void take_entity(std::string_view& text, std::string& out) {
  for (const auto& [name, value] : {std::pair<std::string_view, char>{"&amp;", '&'},
                                    {"&lt;", '<'},
                                    {"&gt;", '>'},
                                    {"&quot;", '"'},
                                    {"&apos;", '\''}}) {
    if (take(text, name)) {
      out += value;
      return;
    }
  }
  const std::size_t end = text.substr(0, 12).find(';');
  if (text.starts_with("&#") && end != std::string_view::npos) {
    const bool hex = text.size() > 2 && (text[2] == 'x' || text[2] == 'X');
    unsigned code = 0;
    std::from_chars(text.data() + (hex ? 3 : 2), text.data() + end, code, hex ? 16 : 10);
    if (code != 0) append_code_point(code, out);
    text.remove_prefix(end + 1);
    return;
  }
  out += '&';
  text.remove_prefix(1);
}

std::string unescaped(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::size_t next = text.find('&');
    out += text.substr(0, next);
    text.remove_prefix(next == std::string_view::npos ? text.size() : next);
    if (!text.empty()) take_entity(text, out);
  }
  return out;
}

struct Tag {
  std::string_view name;
  std::map<std::string_view, std::string> attributes;
  bool closes = false, empty = false;

  std::string text(std::string_view attribute) const {
    const auto found = attributes.find(attribute);
    return found == attributes.end() ? std::string() : found->second;
  }
  int number(std::string_view attribute) const {
    const std::string value = text(attribute);
    std::string_view rest = value;
    return take_number(rest).value_or(0);
  }
};

// Gives out tags and the text between them, front to back.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : rest_(text) {}

  // False at the end. Text before the tag is left in `text`.
  bool next(Tag& tag, std::string& text) {
    text.clear();
    while (true) {
      const std::size_t open = rest_.find('<');
      text += unescaped(rest_.substr(0, open));
      if (open == std::string_view::npos) return false;
      rest_.remove_prefix(open);
      if (take(rest_, "<![CDATA[")) {
        const std::size_t end = rest_.find("]]>");
        text += rest_.substr(0, end);
        rest_.remove_prefix(end == std::string_view::npos ? rest_.size() : end + 3);
      } else if (rest_.starts_with("<!--")) {
        skip("-->");
      } else if (rest_.starts_with("<?") || rest_.starts_with("<!")) {
        skip(">");
      } else {
        read(tag);
        return true;
      }
    }
  }

 private:
  void skip(std::string_view end) {
    const std::size_t at = rest_.find(end);
    rest_.remove_prefix(at == std::string_view::npos ? rest_.size() : at + end.size());
  }

  void read(Tag& tag) {
    tag = {};
    rest_.remove_prefix(1);
    tag.closes = take(rest_, "/");
    std::size_t end = 0;
    while (end < rest_.size() &&
           (is_name_byte(rest_[end]) || rest_[end] == '-' || rest_[end] == ':' || rest_[end] == '.'))
      ++end;
    tag.name = rest_.substr(0, end);
    rest_.remove_prefix(end);
    while (!rest_.empty()) {
      rest_.remove_prefix(std::min(rest_.find_first_not_of(" \t\r\n"), rest_.size()));
      if (take(rest_, ">")) return;
      if (take(rest_, "/>")) {
        tag.empty = true;
        return;
      }
      if (!attribute(tag)) return skip(">");
    }
  }

  bool attribute(Tag& tag) {
    const std::size_t equals = rest_.find('=');
    if (equals == std::string_view::npos || equals > 100) return false;
    const std::string_view name = base::trim(rest_.substr(0, equals));
    rest_.remove_prefix(equals + 1);
    take_spaces(rest_);
    if (rest_.empty() || (rest_[0] != '"' && rest_[0] != '\'')) return false;
    const char quote = rest_[0];
    rest_.remove_prefix(1);
    const std::size_t close = rest_.find(quote);
    if (close == std::string_view::npos) return false;
    if (tag.attributes.size() < 64) tag.attributes.emplace(name, unescaped(rest_.substr(0, close)));
    rest_.remove_prefix(close + 1);
    return true;
  }

  std::string_view rest_;
};

// Whether the text ends with the tag that closes its root.
bool is_closed(std::string_view text, std::string_view root) {
  const std::string_view end = base::trim(text);
  return end.ends_with("</" + std::string(root) + ">");
}

Report read_checkstyle(Scanner& scanner) {
  Report out{.format = "checkstyle"};
  std::string file, text;
  for (Tag tag; scanner.next(tag, text);) {
    if (tag.name == "file" && !tag.closes) file = tag.text("name");
    if (tag.name != "error" || tag.closes) continue;
    Record record{.tool = "checkstyle",
                  .code = tag.text("source"),
                  .message = tag.text("message"),
                  .file = file,
                  .line = tag.number("line"),
                  .column = tag.number("column")};
    if (tag.text("severity") == "warning" || tag.text("severity") == "info")
      record.severity = Severity::warning;
    out.records.push_back(std::move(record));
  }
  return out;
}

// The first place in a failure's text: "x.py:3: AssertionError", "at p.T.f(T.java:3)", "(a.js:3:5)".
void place_in(const std::string& text, Record& record) {
  for (const std::string_view whole : base::split(text, '\n')) {
    std::string_view line = base::trim(whole);
    std::optional<Located> place = colon_place(line);
    if (const std::size_t open = line.rfind('('); line.ends_with(')') && open != std::string_view::npos)
      place = whole_place(line.substr(open + 1, line.size() - open - 2));
    if (!place || place->file.find(' ') != std::string_view::npos ||
        place->file.find('.') == std::string_view::npos)
      continue;
    if (record.line == 0) {
      record.file = place->file;
      record.line = place->line;
    }
    if (record.frames.size() < most_frames)
      record.frames.push_back({.file = std::string(place->file), .line = place->line});
  }
}

// failures="1" errors="1" of a suite; -1 when it has neither.
std::int64_t failures_of(const Tag& suite) {
  if (!suite.attributes.contains("failures") && !suite.attributes.contains("errors")) return -1;
  return suite.number("failures") + suite.number("errors");
}

// Counts of the suites right below a root that has none of its own.
class SuiteCounts {
 public:
  explicit SuiteCounts(const Tag& root) : own_(failures_of(root)) {}
  void see(const Tag& tag) {
    if (tag.name != "testsuite") return;
    if (tag.closes) {
      --depth_;
      return;
    }
    if (const std::int64_t more = depth_ == 0 ? failures_of(tag) : -1; more >= 0)
      below_ = std::max<std::int64_t>(below_, 0) + more;
    if (!tag.empty) ++depth_;
  }
  std::int64_t failed() const { return own_ >= 0 ? own_ : below_; }

 private:
  std::int64_t own_, below_ = -1;
  int depth_ = 0;
};

Report read_junit(Scanner& scanner, const Tag& root) {
  Report out{.format = "junit"};
  SuiteCounts counts(root);
  Tag test, failure;
  std::string text;
  for (Tag tag; scanner.next(tag, text);) {
    counts.see(tag);
    const bool fails = tag.name == "failure" || tag.name == "error";
    if (tag.name == "testcase" && !tag.closes) test = tag;
    if (fails && !tag.closes) failure = tag;
    if (!fails || (!tag.closes && !tag.empty)) continue;
    Record record{.tool = "junit",
                  .code = failure.text("type"),
                  .message = failure.text("message"),
                  .file = test.text("file"),
                  .line = test.number("line")};
    const std::string name = test.text("name"), group = test.text("classname");
    record.test = group;
    if (!group.empty()) record.test += '.';
    record.test += name;
    if (record.message.empty()) record.message = base::trim(text).substr(0, base::trim(text).find('\n'));
    if (record.message.empty()) record.message = record.test + " failed";
    record.snippet = text.substr(0, snippet_bytes);
    place_in(text, record);
    out.records.push_back(std::move(record));
  }
  out.failed = counts.failed();
  return out;
}

}  // namespace

std::optional<Report> read_xml_report(std::string_view text) {
  Scanner scanner(text);
  Tag root;
  std::string before;
  if (!scanner.next(root, before)) return std::nullopt;
  std::optional<Report> out;
  if (root.name == "checkstyle") out = read_checkstyle(scanner);
  if (root.name == "testsuites" || root.name == "testsuite") out = read_junit(scanner, root);
  if (out) out->cut = !root.empty && !is_closed(text, root.name);
  return out;
}

}  // namespace mira::builds
