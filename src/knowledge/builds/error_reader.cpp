#include "knowledge/builds/error_reader.h"

#include <memory>
#include <mutex>

#include "knowledge/builds/diagnoser.h"

namespace mira::builds {
namespace {

// The parsers take milliseconds to make and most starts of the program read no error.
struct Tools {
  std::once_flag made;
  std::shared_ptr<const Toolset> set;
};

}  // namespace

contracts::ErrorReader error_reader() {
  return [tools = std::make_shared<Tools>()](std::string_view text) {
    std::call_once(tools->made, [&] { tools->set = Toolset::make(); });
    std::vector<contracts::ErrorFound> out;
    auto take = [&](Record&& record) {
      out.push_back({.tool = std::move(record.tool),
                     .severity = std::string(severity_name(record.severity)),
                     .code = std::move(record.code),
                     .message = std::move(record.message),
                     .file = std::move(record.file),
                     .line = record.line});
    };
    Diagnoser diagnoser(take, tools->set);
    diagnoser.feed(text);
    (void)diagnoser.finish({});
    return out;
  };
}

}  // namespace mira::builds
