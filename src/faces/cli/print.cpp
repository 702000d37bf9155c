#include "faces/cli/print.h"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>

#include "platform/base/text.h"

namespace mira::cli {
namespace {

using contracts::Json;

std::string scalar(const Json& value) {
  if (value.is_string()) return base::display_line(value.get<std::string>());
  return dump_line(value);
}

// Objects as "name: value" lines, lists as blocks: readable for any shape.
void generic(const Json& value, int depth, std::string& out) {
  std::string indent(static_cast<std::size_t>(depth) * 2, ' ');
  if (value.is_object()) {
    for (const auto& [name, item] : value.items()) {
      if (item.is_structured() && !item.empty()) {
        out += fmt::format("{}{}:\n", indent, name);
        generic(item, depth + 1, out);
      } else {
        out += fmt::format("{}{}: {}\n", indent, name, item.is_structured() ? "none" : scalar(item));
      }
    }
  } else if (value.is_array()) {
    for (const Json& item : value) {
      if (item.is_object()) {
        std::string block;
        generic(item, depth + 1, block);
        if (!block.empty()) block[static_cast<std::size_t>(depth) * 2] = '-';
        out += block;
      } else {
        out += fmt::format("{}- {}\n", indent, scalar(item));
      }
    }
  } else {
    out += indent + scalar(value) + "\n";
  }
}

bool environment_set(const char* name) {
  const char* text = std::getenv(name);
  return text != nullptr && text[0] != '\0';
}

}  // namespace

std::string dump_line(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string json_reply(const contracts::Reply& reply) {
  Json envelope{{"ok", true}, {"data", reply.data}, {"notes", reply.notes}};
  if (!reply.cursor.empty()) envelope["cursor"] = reply.cursor;
  return dump_line(envelope) + "\n";
}

std::string json_error(const base::Error& error) {
  Json body{{"code", base::code_name(error.code)},
            {"message", error.message},
            {"hint", error.hint},
            {"next", error.next}};
  return dump_line({{"ok", false}, {"error", body}}) + "\n";
}

std::string text_reply(const contracts::Action& action, const contracts::Reply& reply,
                       const contracts::Style& style) {
  if (action.render) return action.render(reply, style);
  std::string out;
  generic(reply.data, 0, out);
  return out;
}

std::string text_error(const base::Error& error) {
  std::string out = "mira: " + base::display_line(error.message) + "\n";
  if (!error.hint.empty()) out += "  " + base::display_text(error.hint) + "\n";
  bool hint_names_next = !error.next.empty() && error.hint.find(error.next[0]) != std::string::npos;
  if (!hint_names_next) {
    for (const std::string& next : error.next) out += "  - " + base::display_line(next) + "\n";
  }
  return out;
}

contracts::Style style_of(int descriptor, bool plain) {
  contracts::Style style;
  winsize size{};
  bool terminal = ::isatty(descriptor) == 1;
  if (terminal && ::ioctl(descriptor, TIOCGWINSZ, &size) == 0 && size.ws_col > 20) style.width = size.ws_col;
  const char* term = std::getenv("TERM");
  bool dumb = term == nullptr || std::string_view(term) == "dumb";
  bool refused =
      environment_set("NO_COLOR") || environment_set("CLAUDECODE") || environment_set("AI_AGENT") || dumb;
  style.colour = !plain && ((terminal && !refused) || environment_set("FORCE_COLOR"));
  return style;
}

bool write_all(int descriptor, std::string_view text) {
  while (!text.empty()) {
    ssize_t wrote = ::write(descriptor, text.data(), text.size());
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote <= 0) return false;
    text.remove_prefix(static_cast<std::size_t>(wrote));
  }
  return true;
}

}  // namespace mira::cli
