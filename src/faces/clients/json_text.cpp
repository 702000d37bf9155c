#include "faces/clients/json_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "platform/base/limits.h"

namespace mira::clients {
namespace {

using base::Result;
using base::Status;

bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  Result<JsonText> read() {
    if (text_.starts_with("\xef\xbb\xbf")) at_ = 3;
    MIRA_TRY(value(0));
    at_ = skip_blanks(text_, at_);
    if (at_ != text_.size()) return fault("something follows the value");
    return std::move(out_);
  }

 private:
  std::unexpected<base::Error> fault(std::string_view what) const {
    std::size_t end = std::min(at_, text_.size());
    auto line = 1 + std::count(text_.begin(), text_.begin() + static_cast<std::ptrdiff_t>(end), '\n');
    return base::fail(base::ErrorCode::failed, fmt::format("line {} is not JSON: {}", line, what));
  }

  Result<std::size_t> value(int depth) {
    if (depth > limits::json_depth) return fault("nested too deep");
    at_ = skip_blanks(text_, at_);
    if (at_ >= text_.size()) return fault("it ends where a value should be");
    std::size_t index = out_.nodes.size();
    out_.nodes.push_back({.begin = at_});
    char c = text_[at_];
    if (c == '{')
      MIRA_TRY(object(index, depth));
    else if (c == '[')
      MIRA_TRY(array(index, depth));
    else if (c == '"')
      MIRA_TRY(string_value(index));
    else
      MIRA_TRY(scalar());
    out_.nodes[index].end = at_;
    return index;
  }

  Status object(std::size_t index, int depth) {
    out_.nodes[index].kind = JsonNode::Kind::object;
    ++at_;
    while (true) {
      at_ = skip_blanks(text_, at_);
      if (taken('}')) return {};
      JsonMember member{.key = {}, .key_begin = at_};
      member.key = MIRA_TRY(string());
      at_ = skip_blanks(text_, at_);
      if (!taken(':')) return fault("a colon is missing");
      member.value = MIRA_TRY(value(depth + 1));
      out_.nodes[index].members.push_back(std::move(member));
      at_ = skip_blanks(text_, at_);
      if (taken(',')) continue;
      if (taken('}')) return {};
      return fault("a comma or } is missing");
    }
  }

  Status array(std::size_t index, int depth) {
    out_.nodes[index].kind = JsonNode::Kind::array;
    ++at_;
    while (true) {
      at_ = skip_blanks(text_, at_);
      if (taken(']')) return {};
      std::size_t element = MIRA_TRY(value(depth + 1));
      out_.nodes[index].elements.push_back(element);
      at_ = skip_blanks(text_, at_);
      if (taken(',')) continue;
      if (taken(']')) return {};
      return fault("a comma or ] is missing");
    }
  }

  Status string_value(std::size_t index) {
    out_.nodes[index].kind = JsonNode::Kind::string;
    std::string text = MIRA_TRY(string());
    out_.nodes[index].text = std::move(text);
    return {};
  }

  Result<std::string> string() {
    std::size_t begin = at_;
    if (!taken('"')) return fault("a \" is missing");
    while (at_ < text_.size() && text_[at_] != '"' && text_[at_] != '\n') at_ += text_[at_] == '\\' ? 2 : 1;
    if (!taken('"')) return fault("a text does not end");
    auto decoded = nlohmann::json::parse(text_.substr(begin, at_ - begin), nullptr, false);
    if (!decoded.is_string()) return fault("a text has a wrong escape");
    return decoded.get<std::string>();
  }

  Status scalar() {
    std::size_t begin = at_;
    while (at_ < text_.size() && !is_blank(text_[at_]) && !std::string_view(",]}/:\"[{").contains(text_[at_]))
      ++at_;
    auto read = nlohmann::json::parse(text_.substr(begin, at_ - begin), nullptr, false);
    if (read.is_discarded() || read.is_structured() || read.is_string()) return fault("this is no value");
    return {};
  }

  bool taken(char c) {
    if (at_ >= text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  JsonText out_;
};

}  // namespace

std::size_t skip_blanks(std::string_view text, std::size_t at) {
  while (at < text.size()) {
    if (is_blank(text[at])) {
      ++at;
    } else if (text.substr(at).starts_with("//")) {
      at = std::min(text.find('\n', at), text.size());
    } else if (text.substr(at).starts_with("/*")) {
      std::size_t end = text.find("*/", at + 2);
      at = end == std::string_view::npos ? text.size() : end + 2;
    } else {
      break;
    }
  }
  return at;
}

const JsonNode* JsonText::member(const JsonNode& object, std::string_view key) const {
  for (const JsonMember& member : object.members)
    if (member.key == key) return &nodes[member.value];
  return nullptr;
}

const JsonNode* JsonText::find(const std::vector<std::string>& keys) const {
  const JsonNode* node = &root();
  for (const std::string& key : keys) {
    node = member(*node, key);
    if (node == nullptr) return nullptr;
  }
  return node;
}

Result<JsonText> parse_json_text(std::string_view text) {
  return Reader(text).read();
}

}  // namespace mira::clients
