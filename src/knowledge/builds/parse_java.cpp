// The tools of the JVM: Maven ("[ERROR] /p/A.java:[3,5] message"), surefire, Gradle, Kotlin
// ("e: file:///p/a.kt:3:5 message"), sbt and scalac ("[error] /p/A.scala:3:5: message"), and
// exceptions with their stack. Maven tells each compile error twice; the second is left out.
#include <set>

#include "knowledge/builds/parsers.h"
#include "knowledge/builds/scan.h"

namespace mira::builds {
namespace {

bool is_library(std::string_view frame) {
  for (const std::string_view start :
       {"java.", "javax.", "jdk.", "sun.", "org.junit.", "junit.", "org.apache.maven.", "org.gradle.",
        "kotlin.", "scala.", "org.opentest4j.", "org.hamcrest.", "org.assertj.", "org.testng."}) {
    if (frame.starts_with(start)) return true;
  }
  return false;
}

// "java.base/java.util.X.f(X.java:12)" -> file, line, function
std::optional<Frame> java_frame(std::string_view text) {
  take_spaces(text);
  if (!take(text, "at ")) return std::nullopt;
  const std::size_t open = text.find('(');
  const std::size_t close = text.find(')', open == std::string_view::npos ? 0 : open);
  if (open == std::string_view::npos || close == std::string_view::npos) return std::nullopt;
  std::string_view function = text.substr(0, open);
  if (const std::size_t module = function.rfind('/'); module != std::string_view::npos)
    function.remove_prefix(module + 1);
  Frame out{.function = std::string(function), .in_project = !is_library(function)};
  if (const auto place = whole_place(text.substr(open + 1, close - open - 1))) {
    out.file = place->file;
    out.line = place->line;
  }
  return out;
}

// "java.lang.IllegalStateException: message": a dotted name that ends as throwables do.
bool is_throwable(std::string_view text) {
  const std::string_view name = text.substr(0, text.find_first_of(": "));
  if (name.find('.') == std::string_view::npos || name.size() > 200) return false;
  for (const char c : name) {
    if (!is_name_byte(c) && c != '.' && c != '$') return false;
  }
  return name.ends_with("Exception") || name.ends_with("Error") || name.ends_with("Failure") ||
         name.ends_with("Throwable");
}

class JavaParser : public Parser {
 public:
  using Parser::Parser;

  bool start(const Line& line) override {
    std::string_view text = line.text;
    if (take(text, "[ERROR] ")) return maven(text, Severity::error, line);
    if (take(text, "[WARNING] ")) return maven(text, Severity::warning, line);
    if (take(text, "[error] ")) return sbt(text, Severity::error, line);
    if (take(text, "[warn] ")) return sbt(text, Severity::warning, line);
    if (take(text, "e: ")) return kotlin(text, Severity::error, line);
    if (take(text, "w: ")) return kotlin(text, Severity::warning, line);
    if (take(text, "Exception in thread \"") && take_until(text, "\" ")) return exception(text, "java", line);
    if (text.find(" <<< ") != std::string_view::npos || text.starts_with("Tests run: "))
      return surefire(text, line);  // before 3.0 surefire printed without Maven's level
    if (text.starts_with("> Task ") && text.ends_with(" FAILED")) return gradle_task(line);
    if (text.ends_with(" FAILED") && text.find(" > ") != std::string_view::npos)
      return gradle_test(text, line);
    if (text.starts_with("FAILURE: Build failed")) {
      out_.count({.tool = "gradle", .failed = true, .log_line = line.number});
      return true;
    }
    return false;
  }

  Took follow(const Line& line) override {
    std::string_view text = line.text;
    Record* record = out_.find(current_, line);
    if (record == nullptr) return Took::no;
    if (stack_) return stack_line(*record, text);
    if (take(text, "[ERROR]   ") && record->tool == "maven") {  // javac's details
      if (record->message.size() < message_bytes) record->message += "\n  " + std::string(text);
      return Took::yes;
    }
    if (take(text, "[error] ") && record->tool == "scalac") return sbt_more(*record, text);
    return Took::no;
  }

 private:
  bool add(std::string_view tool, Severity severity, std::string_view message, const Located& place,
           const Line& line) {
    stack_ = false;
    const std::string key =
        std::string(place.file) + ":" + std::to_string(place.line) + ":" + std::string(message);
    if (told_.size() < 50'000 && !told_.insert(key).second) {
      current_ = 0;
      return true;
    }
    Record record{.tool = std::string(tool),
                  .severity = severity,
                  .message = std::string(message),
                  .file = std::string(place.file),
                  .line = place.line,
                  .column = place.column};
    current_ = out_.begin(std::move(record), line);
    return true;
  }

  bool maven(std::string_view text, Severity severity, const Line& line) {
    const std::size_t open = text.find(":[");
    if (open != std::string_view::npos) {  // "/p/A.java:[3,5] message"
      std::string_view rest = text.substr(open + 2);
      Located place{.file = text.substr(0, open), .rest = {}};
      place.line = take_number(rest).value_or(0);
      if (take(rest, ",")) place.column = take_number(rest).value_or(0);
      if (place.line > 0 && take(rest, "] ") && looks_like_file(place.file)) {
        take(rest, "error: ");
        return add("maven", severity, rest, place, line);
      }
    }
    if (severity == Severity::warning) return false;
    return surefire(text, line);
  }

  // "Tests run: 3, Failures: 1, Errors: 0", "FooTest.bar -- Time elapsed: 0.01 s <<< FAILURE!", "
  // FooTest.bar:12 expected: <1> but was: <2>"
  bool surefire(std::string_view text, const Line& line) {
    if (text.starts_with("Tests run: ")) return surefire_count(text, line);
    if (const std::size_t mark = text.find(" <<< "); mark != std::string_view::npos) {
      if (text.starts_with("Tests run")) return true;
      std::string_view name = text.substr(0, std::min(text.find(" -- "), text.find("  Time elapsed")));
      if (const std::size_t paren = name.find('(');
          paren != std::string_view::npos && name.ends_with(')'))  // "bar(FooTest)": older
        test_ = std::string(name.substr(paren + 1, name.size() - paren - 2)) + "." +
                std::string(name.substr(0, paren));
      else
        test_ = name;
      Record record{.tool = "surefire", .message = test_ + " failed", .test = test_};
      current_ = out_.begin(std::move(record), line);
      tests_.insert(test_.substr(test_.rfind('.', test_.rfind('.') - 1) + 1));
      return stack_ = fresh_stack_ = true;
    }
    if (text.starts_with("Failed to execute goal")) {
      out_.count({.tool = "maven", .failed = true, .log_line = line.number});
      out_.consequence({.tool = "maven", .message = std::string(text)}, line, {});
      return true;
    }
    return surefire_list(text, line);
  }

  bool surefire_list(std::string_view text, const Line& line) {
    take_spaces(text);
    const auto place = colon_place(text);  // the "file" is Class.method here
    if (!place || place->file.find('.') == std::string_view::npos ||
        place->file.find('/') != std::string_view::npos)
      return false;
    const std::string name(place->file.substr(0, place->file.find("->")));
    if (tests_.contains(name)) return true;
    tests_.insert(name);
    const std::string file = name.substr(0, name.find('.')) + ".java";
    Record record{.tool = "surefire",
                  .message = std::string(place->rest),
                  .file = file,
                  .line = place->line,
                  .test = name};
    current_ = out_.begin(std::move(record), line);
    stack_ = false;
    return true;
  }

  bool surefire_count(std::string_view text, const Line& line) {
    if (text.find("Time elapsed") != std::string_view::npos) return true;  // of one class
    std::int64_t failed = 0;
    for (const std::string_view word : {"Failures: ", "Errors: "}) {
      const std::size_t at = text.find(word);
      if (at == std::string_view::npos) continue;
      std::string_view rest = text.substr(at + word.size());
      failed += take_number(rest).value_or(0);
    }
    out_.count({.tool = "surefire", .errors = failed, .failed = failed > 0, .log_line = line.number});
    return true;
  }

  // "/p/A.scala:3:5: message"; Scala 3: "-- [E007] Type Mismatch Error: /p/A.scala:3:5 ---"
  bool sbt(std::string_view text, Severity severity, const Line& line) {
    if (take(text, "-- ")) {
      std::string_view code;
      if (take(text, "[")) code = take_until(text, "] ").value_or(std::string_view{});
      const auto kind = take_until(text, ": ");
      const auto place = kind ? whole_place(text.substr(0, text.find(" -"))) : std::nullopt;
      if (!place) return false;
      add("scalac", severity, *kind, *place, line);
      if (Record* record = out_.find(current_)) record->code = code;
      return true;
    }
    const auto place = colon_place(text);
    return place && has_extension(place->file, ".scala .sc .java .sbt") &&
           add("scalac", severity, place->rest, *place, line);
  }
  static Took sbt_more(Record& record, std::string_view text) {
    if (const std::size_t caret = text.find('^');
        caret != std::string_view::npos && text.find_first_not_of(" ^") == std::string_view::npos) {
      if (record.column == 0) record.column = static_cast<int>(caret) + 1;
      return Took::no;
    }
    if (text.starts_with("/") || text.starts_with("(")) return Took::no;
    if (record.snippet.size() < snippet_bytes) record.snippet += std::string(text) + "\n";
    return Took::yes;
  }

  // "file:///p/a.kt:3:5 message", "/p/a.kt: (3, 5): message"
  bool kotlin(std::string_view text, Severity severity, const Line& line) {
    take(text, "file://");
    if (const std::size_t open = text.find(": ("); open != std::string_view::npos) {
      std::string_view rest = text.substr(open + 3);
      Located place{.file = text.substr(0, open), .rest = {}};
      place.line = take_number(rest).value_or(0);
      take(rest, ", ");
      place.column = take_number(rest).value_or(0);
      return place.line > 0 && take(rest, "): ") && add("kotlinc", severity, rest, place, line);
    }
    const auto place = colon_place(text);
    if (!place || !has_extension(place->file, ".kt .kts .java")) return false;
    std::string_view message = place->rest;
    take_spaces(message);
    return add("kotlinc", severity, message, *place, line);
  }

  bool exception(std::string_view text, std::string_view tool, const Line& line) {
    if (!is_throwable(text)) return false;
    Record record{.tool = std::string(tool),
                  .code = std::string(text.substr(0, text.find_first_of(": "))),
                  .message = std::string(text)};
    current_ = out_.begin(std::move(record), line);
    stack_ = true;
    fresh_stack_ = false;
    return true;
  }

  Took stack_line(Record& record, std::string_view text) {
    if (auto frame = java_frame(text)) {
      if (record.frames.size() < most_frames) {
        if (frame->in_project && record.line == 0 && frame->line > 0) {
          record.file = frame->file;
          record.line = frame->line;
        }
        record.frames.push_back(*std::move(frame));
      }
      fresh_stack_ = false;
      return Took::yes;
    }
    if (text.starts_with("Caused by: ")) {
      record.notes.push_back({std::string(text), "", 0, 0});
      return Took::yes;
    }
    std::string_view rest = text;
    take_spaces(rest);
    if (fresh_stack_ && is_throwable(rest)) {
      record.message = rest;
      record.code = rest.substr(0, rest.find_first_of(": "));
      gradle_place(rest, record);
      fresh_stack_ = false;
      return Took::yes;
    }
    if (rest.starts_with("... ")) return Took::yes;
    const bool other = text.empty() || text[0] == '[' || text[0] == '>' || text.starts_with("BUILD ") ||
                       text.starts_with("FAILURE");
    if (record.frames.empty() && !other &&
        record.message.size() < message_bytes) {  // the message's next lines
      record.message += "\n" + std::string(rest);
      return Took::yes;
    }
    stack_ = false;
    return Took::no;
  }

  // "org.opentest4j.AssertionFailedError: expected ... at FooTest.java:12"
  static void gradle_place(std::string_view text, Record& record) {
    const std::size_t at = text.rfind(" at ");
    if (at == std::string_view::npos) return;
    if (const auto place = whole_place(text.substr(at + 4))) {
      record.file = place->file;
      record.line = place->line;
      record.message = text.substr(0, at);
    }
  }

  bool gradle_task(const Line& line) {
    out_.count({.tool = "gradle", .failed = true, .log_line = line.number});
    return true;
  }

  // "FooTest > bar() FAILED"
  bool gradle_test(std::string_view text, const Line& line) {
    const std::string name(text.substr(0, text.size() - 7));
    if (name.starts_with(" ") || name.starts_with("Gradle Test Executor")) return false;
    Record record{.tool = "gradle", .message = name + " failed", .test = name};
    current_ = out_.begin(std::move(record), line);
    return stack_ = fresh_stack_ = true;
  }

  Ticket current_ = 0;
  bool stack_ = false, fresh_stack_ = false;
  std::string test_;
  std::set<std::string> told_, tests_;
};

}  // namespace

Definition java_definition() {
  return {
      .name = "java",
      .tools = "maven, surefire, gradle, kotlinc, sbt, scalac, JVM exceptions",
      .keywords = {"[error] ", "[warning] ", "[warn] ", "e: ", "w: ", "exception in thread", " failed",
                   "failure: build failed", " <<< failure!", " <<< error!", "tests run: "},
      .make = make_parser<JavaParser>,
      .examples = {
          {"[ERROR] COMPILATION ERROR :\n"
           "[ERROR] /p/src/A.java:[3,5] cannot find symbol\n"
           "[ERROR]   symbol:   variable x\n"
           "[ERROR] Failed to execute goal compile on project p: Compilation failure\n"
           "[ERROR] /p/src/A.java:[3,5] cannot find symbol\n",
           "error maven /p/src/A.java:3:5 | cannot find symbol\\n  symbol:   variable x\n"},
          {"[ERROR] p.FooTest.bar -- Time elapsed: 0.01 s <<< FAILURE!\n"
           "org.opentest4j.AssertionFailedError: expected: <1> but was: <2>\n"
           "\tat org.junit.jupiter.api.AssertEquals.fail(AssertEquals.java:9)\n"
           "\tat p.FooTest.bar(FooTest.java:12)\n"
           "[ERROR]   FooTest.bar:12 expected: <1> but was: <2>\n"
           "[ERROR] Tests run: 1, Failures: 1, Errors: 0, Skipped: 0\n",
           "error surefire FooTest.java:12 org.opentest4j.AssertionFailedError | "
           "org.opentest4j.AssertionFailedError: expected: <1> but was: <2>\n"},
          {"Tests run: 1, Failures: 1, Errors: 0, Skipped: 0, Time elapsed: 1.5 sec <<< FAILURE!\n"
           "p1(PartTest)  Time elapsed: 0.1 sec  <<< FAILURE!\n"
           "java.lang.AssertionError: expected:<77> but was:<2>\n"
           "\tat org.junit.Assert.fail(Assert.java:89)\n"
           "\tat PartTest.p1(PartTest.java:4)\n"
           "\n"
           "Results :\n"
           "\n"
           "Failed tests:   p1(PartTest): expected:<77> but was:<2>\n"
           "\n"
           "Tests run: 1, Failures: 1, Errors: 0, Skipped: 0\n",
           "error surefire PartTest.java:4 java.lang.AssertionError | java.lang.AssertionError: "
           "expected:<77> "
           "but was:<2>\n"},
          {"e: file:///p/a.kt:3:5 Unresolved reference: x\n",
           "error kotlinc /p/a.kt:3:5 | Unresolved reference: x\n"},
          {"[error] /p/A.scala:3:5: not found: value x\n",
           "error scalac /p/A.scala:3:5 | not found: value x\n"},
          {"Exception in thread \"main\" java.lang.IllegalStateException: no\n"
           "\tat java.base/java.util.X.g(X.java:1)\n"
           "\tat p.Main.main(Main.java:7)\n",
           "error java Main.java:7 java.lang.IllegalStateException | java.lang.IllegalStateException: no\n"},
          {"FooTest > bar() FAILED\n"
           "    org.opentest4j.AssertionFailedError: expected: <1> but was: <2> at FooTest.java:12\n"
           "> Task :test FAILED\n",
           "error gradle FooTest.java:12 org.opentest4j.AssertionFailedError | "
           "org.opentest4j.AssertionFailedError: expected: <1> but was: <2>\n"}}};
}

}  // namespace mira::builds
