// Transcripts that agents keep, read into turns. Read-only, line by line, whatever the
// version wrote: a line that is not understood is counted and passed by. What Mira itself
// put into a conversation is left out, or it would come back as memory.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "faces/clients/surroundings.h"
#include "faces/clients/turn.h"

namespace mira::clients {

struct TranscriptReading {
  std::vector<Turn> turns;
  std::int64_t unknown_lines = 0;  // not JSON, or of no known kind
};

// What lines of one file share, kept from line to line.
struct TranscriptFile {
  std::string session;  // from the file's name until a line says it
  std::string folder;   // "" until known
};

// Each reads whole lines; the last one may be cut, and is then left for the next time by the caller.
TranscriptReading read_claude_lines(std::string_view lines, TranscriptFile& file);
TranscriptReading read_codex_lines(std::string_view lines, TranscriptFile& file);
TranscriptReading read_gemini_lines(std::string_view lines, TranscriptFile& file);
TranscriptReading read_cursor_lines(std::string_view lines, TranscriptFile& file);

// opencode keeps a database: turns of conversations in `folder`, written after `since_ms`.
base::Result<TranscriptReading> read_opencode(const std::filesystem::path& database,
                                              const std::string& folder, std::int64_t since_ms);

// Files of one client that may hold conversations of the project at `root`; opencode: its database.
std::vector<std::filesystem::path> transcripts_of(std::string_view client, const Surroundings& around,
                                                  const std::filesystem::path& root);

}  // namespace mira::clients
