// From a question to the entries that answer it: arms over a snapshot of the scopes it
// may look into, fused, then moved by what is known of each entry (who said it,
// whether it asks or tells, whether it was replaced later). One configuration for
// every conversation; nothing here is learned from one.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "knowledge/memory/arms.h"
#include "knowledge/memory/snapshot.h"
#include "platform/vectors/index.h"

namespace mira::memory {

struct RecallQuestion {
  std::string text;
  std::vector<std::int64_t> scopes;  // none: an empty answer
  std::int64_t conversation = 0;     // 0: all
  std::int64_t now_ms = 0;
  std::size_t limit = 10;
  std::optional<vectors::Neighbours> near = {};  // entries by meaning, where there are vectors
  bool explain = false;                          // tell the ranks of the arms
  // Only messages that rules read so (see analysis.h).
  std::string intent = {};  // "": any
  std::string topic = {};   // "": any
  bool with_error = false;  // of a tool
  bool quick = false;       // of a large memory only what surely matches (see quick.h)
  bool has_conditions() const {
    return conversation != 0 || !intent.empty() || !topic.empty() || with_error || explain;
  }
};

struct ArmRank {
  std::string_view arm;
  std::size_t rank = 0;  // from 1
};

struct Recalled {
  std::int64_t entry = 0;
  double score = 0;
  std::vector<ArmRank> arms;  // where each arm that speaks of it has it
};

struct RecallAnswer {
  std::vector<Recalled> found;  // best first
  double confidence = 0;        // 0..1: is the answer among them at all; not known of a quick answer
  bool quick = false;           // only what surely matches was looked for
  std::size_t looked_at = 0;    // documents
};

class Recall {
 public:
  base::Result<RecallAnswer> ask(store::Connection& main, const RecallQuestion& question);

 private:
  base::Result<RecallAnswer> ask_in_snapshot(store::Connection& main, const RecallQuestion& question);

  std::mutex mutex_;  // of both below
  WordReader reader_;
  Snapshots snapshots_;
};

}  // namespace mira::memory
