// One diagnostic of a tool: what it says, where, and everything that belongs to it.
// The words are the tool's own, without place, severity and code; the bytes of the
// log it was read from are kept, so that an answer can quote the original. Text is
// foreign: it is neutralised and masked when it leaves (write_json), not before, so
// that fingerprints see what the tool said.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace mira::builds {

enum class Severity { error, warning };
std::string_view severity_name(Severity severity);

struct Note {
  std::string message, file;
  int line = 0, column = 0;  // from 1; 0: unknown
};

// A frame of a stack, or a line of an include stack.
struct Frame {
  std::string file;
  int line = 0;
  std::string function;
  bool in_project = false;
};

struct Record {
  std::string tool;  // "gcc", "rustc", "pytest"
  Severity severity = Severity::error;
  std::string code;  // "-Wunused-variable", "E0308"; "" when the tool gives none
  std::string message;
  std::string file;  // as printed; "" when the record has no place
  int line = 0, column = 0;
  int end_line = 0, end_column = 0;
  std::vector<Note> notes;
  std::vector<Frame> includes;  // how the file came to be included, nearest first
  std::vector<Frame> frames;    // innermost first
  std::string symbol, test, expected, actual, suggestion, snippet;
  std::uint64_t log_begin = 0, log_end = 0;  // bytes of the log
  std::int64_t log_line = 0;                 // from 1
  bool consequence = false;  // follows from others ("make: *** Error 1"); stands where nothing else does
};

// Limits of one record: what is longer is cut, on a line border where that fits.
inline constexpr std::size_t most_notes = 200;
inline constexpr std::size_t most_frames = 100;
inline constexpr std::size_t message_bytes = 16 << 10;
inline constexpr std::size_t snippet_bytes = 4 << 10;

// One line of JSON (with its newline) in the form that `mira diagnose --json` promises: secrets
// masked, controls visible, unknown values null.
void write_json(const Record& record, std::string& out);
// "src/a.c:3:5", "src/a.c:3", "src/a.c" or "".
std::string place_of(const Record& record);

}  // namespace mira::builds
