#include "faces/mcp/message.h"

#include <set>
#include <vector>

#include "platform/base/limits.h"

namespace mira::mcp {
namespace {

// Builds a value and refuses depth and keys given twice while it reads.
class StrictReader : public nlohmann::json_sax<Json> {
 public:
  explicit StrictReader(Json& out) : builder_(out, false) {}

  bool null() override { return builder_.null(); }
  bool boolean(bool value) override { return builder_.boolean(value); }
  bool number_integer(number_integer_t value) override { return builder_.number_integer(value); }
  bool number_unsigned(number_unsigned_t value) override { return builder_.number_unsigned(value); }
  bool number_float(number_float_t value, const string_t& text) override {
    return builder_.number_float(value, text);
  }
  bool string(string_t& value) override { return builder_.string(value); }
  bool binary(binary_t& value) override { return builder_.binary(value); }
  bool start_object(std::size_t size) override {
    keys_.emplace_back();
    return fits("nested too deep") && builder_.start_object(size);
  }
  bool key(string_t& name) override {
    if (!keys_.back().insert(name).second) return refuse("a key is given twice");
    return builder_.key(name);
  }
  bool end_object() override {
    keys_.pop_back();
    return builder_.end_object();
  }
  bool start_array(std::size_t size) override {
    keys_.emplace_back();
    return fits("nested too deep") && builder_.start_array(size);
  }
  bool end_array() override {
    keys_.pop_back();
    return builder_.end_array();
  }
  bool parse_error(std::size_t, const std::string&, const nlohmann::detail::exception&) override {
    return refuse("not JSON");
  }

  const std::string& why() const { return why_; }

 private:
  bool fits(const char* why) { return keys_.size() <= limits::json_depth || refuse(why); }
  bool refuse(const char* why) {
    if (why_.empty()) why_ = why;
    return false;
  }

  nlohmann::detail::json_sax_dom_parser<Json> builder_;
  std::vector<std::set<std::string>> keys_;
  std::string why_;
};

Incoming invalid(const Json& id, int code, std::string why) {
  Incoming out;
  out.id = id;
  out.error_code = code;
  out.error = std::move(why);
  return out;
}

bool is_id(const Json& id) {
  return id.is_string() || id.is_number_integer();
}

Incoming classify(Json& message) {
  if (!message.is_object()) return invalid(nullptr, code::invalid_request, "not a JSON-RPC object");
  auto found = message.find("id");
  Json id = found != message.end() && is_id(*found) ? *found : Json();
  if (message.value("jsonrpc", Json()) != "2.0")
    return invalid(id, code::invalid_request, "jsonrpc must be \"2.0\"");
  Incoming out;
  out.id = id;
  auto method = message.find("method");
  if (method == message.end()) {
    bool answers = message.contains("result") || message.contains("error");
    if (!answers) return invalid(id, code::invalid_request, "neither a method nor an answer");
    out.kind = Incoming::Kind::response;
    out.whole = std::move(message);
    return out;
  }
  if (!method->is_string()) return invalid(id, code::invalid_request, "method must be a string");
  if (found != message.end() && id.is_null())
    return invalid(nullptr, code::invalid_request, "id must be a string or a whole number");
  out.kind = found == message.end() ? Incoming::Kind::notification : Incoming::Kind::request;
  out.method = method->get<std::string>();
  if (auto params = message.find("params"); params != message.end()) {
    if (!params->is_object()) return invalid(id, code::invalid_params, "params must be an object");
    out.params = std::move(*params);
  }
  return out;
}

}  // namespace

std::optional<Json> read_json(std::string_view text, std::string& why) {
  if (text.size() > static_cast<std::size_t>(limits::mcp_message_bytes)) {
    why = "too large";
    return std::nullopt;
  }
  Json out;
  StrictReader reader(out);
  if (Json::sax_parse(text.begin(), text.end(), &reader)) return out;
  why = reader.why().empty() ? "not JSON" : reader.why();
  return std::nullopt;
}

Incoming read_message(std::string_view line) {
  std::string why;
  std::optional<Json> message = read_json(line, why);
  if (message) return classify(*message);
  bool large = why == "too large";
  return invalid(nullptr, large ? code::invalid_request : code::parse_error,
                 large ? "the message is too large" : why);
}

Json result_message(const Json& id, Json result) {
  return {{"jsonrpc", "2.0"}, {"id", id}, {"result", std::move(result)}};
}

Json fault_message(const Json& id, const Fault& fault) {
  Json error{{"code", fault.code}, {"message", fault.message}};
  if (!fault.data.is_null()) error["data"] = fault.data;
  return {{"jsonrpc", "2.0"}, {"id", id}, {"error", std::move(error)}};
}

Json notification_message(std::string_view method, Json params) {
  return {{"jsonrpc", "2.0"}, {"method", method}, {"params", std::move(params)}};
}

std::string to_line(const Json& message) {
  return message.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace mira::mcp
