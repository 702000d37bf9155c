#include "knowledge/git/knowers.h"

#include <algorithm>

#include "knowledge/git/ownership_rows.h"

namespace mira::git {
namespace {

constexpr std::int64_t day_s = 86'400;

struct Tally {
  std::int64_t lines = 0, last_s = 0;
};

struct Count {
  std::int64_t files = 0;
  std::unordered_map<std::uint32_t, Tally> people;
};

// What is known of everybody, whatever place is asked about.
class Everybody {
 public:
  explicit Everybody(const Archive& archive) : archive_(archive), newest_(archive.people.size()) {
    seen_.resize(archive.people.size());
    for (const Commit& commit : archive.history.commits) {
      auto id = static_cast<std::uint32_t>(commit.commit_id);
      if (id >= commits_.size()) commits_.resize(id + 1, nullptr);
      commits_[id] = &commit;
      std::uint32_t person = archive.person_of(commit);
      end_s_ = std::max(end_s_, commit.author_time_s);
      if (commit.author_time_s < seen_[person]) continue;
      seen_[person] = commit.author_time_s;
      newest_[person] = commit.author_id;
    }
  }

  void add(const LineRuns& runs, Count& into) const {
    ++into.files;
    for (const LineRun& run : runs) {
      const Commit* commit = run.origin < commits_.size() ? commits_[run.origin] : nullptr;
      if (commit == nullptr) continue;
      std::uint32_t person = archive_.person_of(*commit);
      if (archive_.people[person].is_bot) continue;
      Tally& tally = into.people[person];
      tally.lines += run.lines;
      tally.last_s = std::max(tally.last_s, commit->author_time_s);
    }
  }

  Knowledge told(const Count& count) const {
    Knowledge out;
    out.files = count.files;
    for (const auto& [person, tally] : count.people) out.lines += tally.lines;
    for (const auto& [person, tally] : count.people) out.people.push_back(knower(person, tally, out.lines));
    std::ranges::sort(out.people, [&](const Knower& a, const Knower& b) {
      if (a.lines != b.lines) return a.lines > b.lines;
      return archive_.people[a.person].folded < archive_.people[b.person].folded;
    });
    std::int64_t held = 0;
    for (const Knower& one : out.people) {
      if (held * 2 < out.lines) ++out.bus_factor;
      held += one.lines;
      if (one.presence != Presence::active) out.gone_share += one.share;
    }
    return out;
  }

 private:
  Knower knower(std::uint32_t person, const Tally& tally, std::int64_t all) const {
    const Author& author = archive_.authors[newest_[person]];
    Knower out{person, author.name, author.email, tally.lines};
    out.share = static_cast<double>(tally.lines) / static_cast<double>(std::max<std::int64_t>(1, all));
    out.last_here_s = tally.last_s;
    out.last_seen_s = seen_[person];
    std::int64_t days = (end_s_ - out.last_seen_s) / day_s;
    out.presence = days > departed_days ? Presence::departed
                   : days > quiet_days  ? Presence::quiet
                                        : Presence::active;
    return out;
  }

  const Archive& archive_;
  std::vector<const Commit*> commits_;  // by commit_id
  std::vector<std::uint32_t> newest_;   // by person: author of their newest commit
  std::vector<std::int64_t> seen_;
  std::int64_t end_s_ = 0;
};

bool is_below(std::string_view path, std::string_view folder) {
  return folder.empty() ||
         (path.size() > folder.size() && path.starts_with(folder) && path[folder.size()] == '/');
}

}  // namespace

std::string_view name_of(Presence presence) {
  switch (presence) {
    case Presence::quiet:
      return "quiet";
    case Presence::departed:
      return "departed";
    case Presence::active:
      break;
  }
  return "active";
}

base::Result<Knowledge> knowledge_of(store::Connection& index, const Archive& archive,
                                     std::string_view path) {
  Everybody everybody(archive);
  Count count;
  auto one = MIRA_TRY(load_owners(index, path));
  if (one) {
    everybody.add(one->runs, count);
    return everybody.told(count);
  }
  MIRA_TRY(each_owned_file(index, [&](std::string_view file, const LineRuns& runs) {
    if (is_below(file, path)) everybody.add(runs, count);
  }));
  return everybody.told(count);
}

base::Result<std::map<std::string, Knowledge>> knowledge_map(store::Connection& index, const Archive& archive,
                                                             std::string_view folder) {
  Everybody everybody(archive);
  std::map<std::string, Count> counts;
  MIRA_TRY(each_owned_file(index, [&](std::string_view file, const LineRuns& runs) {
    if (!is_below(file, folder)) return;
    everybody.add(runs, counts[std::string(folder)]);
    std::size_t start = folder.empty() ? 0 : folder.size() + 1, slash = file.find('/', start);
    if (slash != std::string_view::npos) everybody.add(runs, counts[std::string(file.substr(0, slash))]);
  }));
  std::map<std::string, Knowledge> out;
  for (const auto& [path, count] : counts) out[path] = everybody.told(count);
  return out;
}

}  // namespace mira::git
