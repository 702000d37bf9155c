#include "knowledge/builds/action_diagnose.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <vector>

#include "knowledge/builds/diagnoser.h"
#include "knowledge/builds/digest.h"
#include "knowledge/builds/fingerprint.h"
#include "knowledge/builds/message_template.h"
#include "knowledge/builds/report.h"
#include "platform/base/text.h"

namespace mira::builds {
namespace {

using base::ErrorCode;
using base::Result;
using contracts::Action;
using contracts::Call;
using contracts::Json;
using contracts::ParamKind;
using contracts::Reply;
using contracts::Streams;

constexpr std::size_t chunk_bytes = 256 << 10;
constexpr std::size_t flush_bytes = 64 << 10;

class OpenFile {
 public:
  explicit OpenFile(const std::string& path) : number_(::open(path.c_str(), O_RDONLY | O_CLOEXEC)) {}
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;
  ~OpenFile() {
    if (number_ >= 0) ::close(number_);
  }
  int number() const { return number_; }

 private:
  int number_;
};

enum class Keys { hidden, shown };

// The keys of a record, put into its line of JSON.
void add_keys(const Record& record, std::string& out) {
  const Fingerprint keys = fingerprint(record, record.file);
  const Json shown{{"instance", keys.instance},
                   {"identity", keys.identity},
                   {"class", keys.kind},
                   {"template", template_without_names(record.message)}};
  out.resize(out.size() - 2);  // "}\n"
  out += ",\"keys\":" + shown.dump(-1, ' ', false, Json::error_handler_t::replace) + "}\n";
}

// Reads one input to its end and tells the records as they are known.
class Reading {
 public:
  Reading(Streams& streams, Digest& digest, Keys keys)
      : streams_(streams),
        digest_(digest),
        keys_(keys),
        diagnoser_([this](Record&& record) { on_record(std::move(record)); }) {}

  template <class ReadSome>
  base::Status run(ReadSome&& read_some, const std::string& name, const Ending& ending,
                   base::Deadline deadline) {
    std::vector<char> buffer(chunk_bytes);
    while (true) {
      if (deadline.expired())
        return base::fail(deadline.cancelled() ? ErrorCode::interrupted : ErrorCode::timeout,
                          name + " was not read to its end in time");
      const std::ptrdiff_t count = read_some(buffer.data(), buffer.size());
      if (count < 0 && errno == EINTR) continue;
      if (count < 0)
        return base::fail(ErrorCode::unavailable,
                          fmt::format("{} cannot be read: {}", name, std::strerror(errno)));
      if (count == 0) break;
      take({buffer.data(), static_cast<std::size_t>(count)});
      if (out_.size() > flush_bytes) flush();
    }
    finish(ending);
    return {};
  }

 private:
  enum class Input { unknown, log, report };

  // A report is held whole (to a limit); what is none is read as the log it is.
  void take(std::string_view bytes) {
    if (input_ == Input::unknown) input_ = may_be_report(bytes) ? Input::report : Input::log;
    if (input_ == Input::log) return diagnoser_.feed(bytes);
    report_.append(bytes);
    if (report_.size() > most_report_bytes) release();
  }
  void release() {
    input_ = Input::log;
    diagnoser_.feed(report_);
    report_ = {};
  }

  void finish(const Ending& ending) {
    auto report = input_ == Input::report ? read_report(report_) : std::nullopt;
    if (!report && input_ == Input::report) release();
    auto own = report ? std::optional(OwnReport{.report = std::move(*report)}) : std::nullopt;
    const Verdict verdict = diagnoser_.finish(ending, std::move(own));
    if (verdict.unparsed) on_record(Record(*verdict.unparsed));
    flush();
    digest_.judged(verdict);
  }

  void on_record(Record&& record) {
    if (streams_.json()) write_json(record, out_);
    if (streams_.json() && keys_ == Keys::shown) add_keys(record, out_);
    digest_.add(record);
  }
  void flush() {
    if (!out_.empty()) streams_.write(out_);
    out_.clear();
  }

  Streams& streams_;
  Digest& digest_;
  Keys keys_;
  std::string out_, report_;
  Input input_ = Input::unknown;
  Diagnoser diagnoser_;
};

base::Status read_file(const std::string& path, Streams& streams, Digest& digest, Keys keys,
                       const Ending& ending, base::Deadline deadline) {
  const OpenFile file(path);
  const std::string shown = base::display_line(path);
  if (file.number() < 0) {
    const ErrorCode code = errno == ENOENT ? ErrorCode::not_found : ErrorCode::unavailable;
    return base::fail(code, fmt::format("{} cannot be opened: {}", shown, std::strerror(errno)),
                      "Give a log or a report that is there, or none to read standard input.");
  }
  const auto read_some = [&](char* buffer, std::size_t bytes) {
    return ::read(file.number(), buffer, bytes);
  };
  return Reading(streams, digest, keys).run(read_some, shown, ending, deadline);
}

Result<Reply> diagnose(Call& call) {
  if (call.streams == nullptr) {
    return base::fail(ErrorCode::usage, "This way of calling Mira has no standard input for a log.",
                      "Run `mira diagnose` on the command line.");
  }
  Ending ending;
  if (const Json& code = call.arguments.at("exit_code"); code.is_number_integer())
    ending.exit_code = code.get<int>();
  Digest digest;
  const Keys keys = call.arguments.at("keys").get<bool>() ? Keys::shown : Keys::hidden;
  const Json& files = call.arguments.at("files");
  if (files.empty()) {
    Streams& streams = *call.streams;
    const auto read_some = [&](char* buffer, std::size_t bytes) { return streams.read(buffer, bytes); };
    MIRA_TRY(Reading(streams, digest, keys).run(read_some, "standard input", ending, call.deadline));
  }
  for (const Json& file : files)
    MIRA_TRY(read_file(file.get<std::string>(), *call.streams, digest, keys, ending, call.deadline));
  if (call.streams->json()) {
    for (const std::string& mismatch : digest.mismatches())
      call.streams->write_error("note: " + base::display_line(mismatch) + "\n");
  } else {
    call.streams->write(digest.text());
  }
  return Reply{.data = nullptr, .streamed = true};
}

}  // namespace

Action diagnose_action() {
  Action action;
  action.name = "diagnose";
  action.group = "builds";
  action.summary = "Errors and warnings of any build or test log, as records";
  action.description =
      "Reads a log as it is (parallel and mixed output, colours, carriage returns, prefixes of CI), finds "
      "out which "
      "tools wrote it, and tells each error and warning once it is whole: tool, severity, code, message, "
      "place, notes. "
      "With --json one record a line, in the order of the log, as it is read; else the distinct errors and "
      "the counts. "
      "A log that speaks of a failure never gives nothing: its last words become a record.";
  action.params = {{.name = "files",
                    .kind = ParamKind::text_list,
                    .help = "logs or reports (SARIF, JUnit, checkstyle, TAP); none: standard input",
                    .positional = true,
                    .fallback = Json::array()},
                   {.name = "exit_code",
                    .kind = ParamKind::integer,
                    .help = "exit code of the command that wrote the log, where it is known",
                    .minimum = 0,
                    .maximum = 255},
                   {.name = "keys",
                    .kind = ParamKind::boolean,
                    .help = "with --json: what makes two records the same one, the same problem, of one kind",
                    .fallback = false}};
  action.examples = {{"make 2>&1 | mira diagnose", "the errors of a build, each once"},
                     {"mira diagnose --json < build.log", "a record a line, for a program"}};
  action.data_shape =
      R"({"tool": "gcc", "severity": "error"|"warning", "code": "-Wunused-variable"|null, "message": "...",
 "file": "src/a.c"|null, "line": 3|null, "column": 7|null,
 "notes": [{"message": "...", "file": "..."|null, "line": 3|null, "column": 7|null}],
 "log_line": 12, "log_bytes": [310, 402],
 "keys": {"instance": "...", "identity": "...", "class": "...", "template": "<x> undeclared first use function"}})";
  action.needs = contracts::Needs::nothing;
  action.handle = diagnose;
  return action;
}

}  // namespace mira::builds
