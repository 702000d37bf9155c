#include "faces/cli/batch.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <optional>

#include "faces/cli/print.h"
#include "platform/base/json_depth.h"
#include "platform/base/limits.h"

namespace mira::cli {
namespace {

using contracts::Json;

// Lines of a descriptor; a line over the limit is skipped to its end and reported as nullopt content.
class LineReader {
 public:
  explicit LineReader(int descriptor) : descriptor_(descriptor) {}

  struct Line {
    std::string text;
    bool too_long = false;
  };

  // nullopt at the end of input.
  std::optional<Line> next() {
    Line line;
    while (true) {
      std::size_t end = buffer_.find('\n');
      if (end != std::string::npos) {
        take(line, end);
        buffer_.erase(0, end + 1);
        return line;
      }
      take(line, buffer_.size());
      buffer_.clear();
      if (!fill()) {
        if (line.text.empty() && !line.too_long) return std::nullopt;
        return line;
      }
    }
  }

 private:
  void take(Line& line, std::size_t bytes) {
    if (line.text.size() + bytes > static_cast<std::size_t>(limits::batch_line_bytes)) {
      line.too_long = true;
      line.text.clear();
    }
    if (!line.too_long) line.text.append(buffer_, 0, bytes);
  }
  bool fill() {
    char chunk[65536];
    ssize_t got;
    do {
      got = ::read(descriptor_, chunk, sizeof chunk);
    } while (got < 0 && errno == EINTR);
    if (got <= 0) return false;
    buffer_.assign(chunk, static_cast<std::size_t>(got));
    return true;
  }

  int descriptor_;
  std::string buffer_;
};

Json refuse(const Json& id, std::string message) {
  return {{"id", id}, {"error", std::move(message)}};
}

Json answer(contracts::Host::Batch& batch, const contracts::Action& action, const LineReader::Line& line,
            base::Deadline deadline) {
  if (line.too_long)
    return refuse(nullptr, fmt::format("the request is over {} bytes", limits::batch_line_bytes));
  if (base::json_nests_deeper_than(line.text, limits::json_depth))
    return refuse(nullptr, fmt::format("the request is nested over {} levels", limits::json_depth));
  Json request = Json::parse(line.text, nullptr, false);
  if (!request.is_object()) return refuse(nullptr, "the request is not a JSON object");
  Json id = request.value("id", Json());
  request.erase("id");
  auto arguments = contracts::check_arguments(action, request);
  if (!arguments) return refuse(id, arguments.error().message);
  auto reply = batch.call(*arguments, deadline);
  if (!reply) return refuse(id, reply.error().message);
  Json out = reply->data.is_object() ? reply->data : Json{{"data", reply->data}};
  out["id"] = id;
  if (!reply->notes.empty()) out["notes"] = reply->notes;
  return out;
}

}  // namespace

int run_batch(contracts::Host::Batch& batch, const contracts::Action& action, int input, int output,
              base::Deadline deadline) {
  LineReader reader(input);
  while (auto line = reader.next()) {
    if (deadline.cancelled()) return base::exit_code(base::ErrorCode::interrupted);
    if (line->text.find_first_not_of(" \t\r") == std::string::npos && !line->too_long) continue;
    if (!write_all(output, dump_line(answer(batch, action, *line, deadline)) + "\n")) {
      return base::exit_code(base::ErrorCode::failed);
    }
  }
  return 0;
}

}  // namespace mira::cli
