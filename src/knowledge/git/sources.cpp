#include "knowledge/git/sources.h"

#include <fmt/format.h>

#include <algorithm>

#include "knowledge/git/history_range.h"
#include "knowledge/git/repository.h"
#include "platform/base/calendar.h"
#include "platform/base/text.h"

namespace mira::git {
namespace {

using contracts::Evidence;
using contracts::Focus;
using contracts::Intent;
using contracts::Question;
using contracts::Session;
using contracts::Trust;

constexpr std::size_t focus_files = 2;  // places whose partners and people are told
constexpr std::size_t partners_shown = 6;
constexpr double least_confidence = 0.1;   // a partner less likely is no news
constexpr std::size_t changed_asked = 30;  // changed files that are asked for at once
constexpr std::size_t people_shown = 3;

// The strongest places of the question that are files, once each.
std::vector<Focus> focus_of(const Question& question, std::size_t count) {
  std::vector<Focus> out;
  for (const Focus& focus : question.focus) {
    bool known = std::ranges::any_of(out, [&](const Focus& other) { return other.path == focus.path; });
    if (!focus.path.empty() && !known) out.push_back(focus);
    if (out.size() == count) break;
  }
  return out;
}

std::string short_id(const Archive& archive, std::size_t position) {
  return hash_to_hex(archive.history.commits[position].hash, 12);
}

std::string full_id(const Archive& archive, std::size_t position) {
  return hash_to_hex(archive.history.commits[position].hash, archive.history.hash_digits);
}

class CochangeSource : public contracts::Source {
 public:
  explicit CochangeSource(std::shared_ptr<Models> models) : models_(std::move(models)) {}
  std::string_view name() const override { return "git.cochange"; }
  contracts::Stage stage() const override { return contracts::Stage::second; }

  base::Result<std::vector<Evidence>> gather(Session& session, const Question& question,
                                             base::Deadline) override {
    std::vector<Evidence> out;
    if (!session.project.is_git) return out;
    auto held = MIRA_TRY(models_->cochange(session));
    CochangeQuestion asked;
    asked.moment = held.archive->history.commits.size();
    asked.now_s = session.clock.now_ms() / 1000;
    asked.limit = partners_shown;
    asked.person = asking_person(session, *held.archive);
    if (!question.changed_files.empty()) {
      asked.files = question.changed_files;
      asked.files.resize(std::min(asked.files.size(), changed_asked));
      std::string what = asked.files.size() == 1 ? "`" + asked.files[0] + "`, which is being edited"
                                                 : "the files being edited";
      add(held, asked, what, question.intent == Intent::change ? 1.0 : 0.8, out);
    }
    for (const Focus& focus : focus_of(question, focus_files)) {
      asked.files = {focus.path};
      add(held, asked, "`" + focus.path + "`", focus.weight, out);
    }
    std::ranges::stable_sort(out, [](const Evidence& a, const Evidence& b) { return a.weight > b.weight; });
    if (out.size() > partners_shown) out.resize(partners_shown);
    return out;
  }

 private:
  // The author's own recent files count when the repository says who works in it.
  static std::optional<std::uint32_t> asking_person(const Session& session, const Archive& archive) {
    return archive.find_person(configured_email(session.project));
  }

  void add(Held<Cochange>& held, const CochangeQuestion& asked, const std::string& what, double weight,
           std::vector<Evidence>& out) {
    for (const Partner& partner : held.model->rank(asked)) {
      bool told = std::ranges::any_of(out, [&](const Evidence& e) { return e.place.path == partner.path; });
      if (told || partner.joint == 0 || partner.confidence < least_confidence) continue;
      Evidence piece;
      piece.source = name();
      piece.kind = "partner";
      piece.title = base::display_line(partner.path);
      piece.text =
          fmt::format("changed in {} of the {} commits that changed {}; last together in {}", partner.joint,
                      partner.own, base::display_line(what), short_id(*held.archive, *partner.last_commit));
      piece.place.path = partner.path;
      piece.place.commit = held.archive->tip;
      piece.why = "usually changes together with " + base::display_line(what);
      piece.confidence = partner.confidence;
      piece.weight = weight * partner.confidence;
      out.push_back(std::move(piece));
    }
  }

  std::shared_ptr<Models> models_;
};

class PeopleSource : public contracts::Source {
 public:
  explicit PeopleSource(std::shared_ptr<Models> models) : models_(std::move(models)) {}
  std::string_view name() const override { return "git.people"; }
  contracts::Stage stage() const override { return contracts::Stage::second; }

  base::Result<std::vector<Evidence>> gather(Session& session, const Question& question,
                                             base::Deadline) override {
    std::vector<Evidence> out;
    if (!session.project.is_git) return out;
    auto held = MIRA_TRY(models_->experts(session));
    double asked_for = question.intent == Intent::who ? 1.0 : 0.3;
    for (const Focus& focus : focus_of(question, focus_files)) {
      ExpertQuestion asked{focus.path, held.archive->history.commits.size(), session.clock.now_ms() / 1000,
                           people_shown};
      double share = 1;
      for (const Expert& expert : held.model->rank(asked)) {
        add(*held.archive, focus, expert, asked_for * focus.weight * share, out);
        share *= 0.7;
      }
    }
    return out;
  }

 private:
  void add(const Archive& archive, const Focus& focus, const Expert& expert, double weight,
           std::vector<Evidence>& out) const {
    std::string title = base::display_line(expert.name + " <" + expert.email + ">");
    std::string where = base::display_line(focus.path);
    for (Evidence& told : out) {
      if (told.title == title) return;
    }
    Evidence piece;
    piece.source = name();
    piece.kind = "person";
    piece.title = title;
    piece.place.path = focus.path;
    if (expert.last_commit) {
      const Commit& last = archive.history.commits[*expert.last_commit];
      piece.text = fmt::format(
          "{} commit{} of {}, the last on {} ({})", expert.changes, expert.changes == 1 ? "" : "s", where,
          base::iso_date(last.author_time_s * 1000), short_id(archive, *expert.last_commit));
      piece.place.commit = full_id(archive, *expert.last_commit);
    } else {
      piece.text = "has not changed " + where + " itself, but is active around it";
      piece.place.commit = archive.tip;
    }
    piece.why = "most likely to change or review `" + where + "` next";
    piece.trust = Trust::foreign;
    piece.weight = weight;
    out.push_back(std::move(piece));
  }

  std::shared_ptr<Models> models_;
};

}  // namespace

std::unique_ptr<contracts::Source> cochange_source(const std::shared_ptr<Models>& models) {
  return std::make_unique<CochangeSource>(models);
}

std::unique_ptr<contracts::Source> people_source(const std::shared_ptr<Models>& models) {
  return std::make_unique<PeopleSource>(models);
}

std::vector<std::unique_ptr<contracts::Source>> sources(const std::shared_ptr<Models>& models,
                                                        const std::shared_ptr<CommitMeaning>& meaning) {
  std::vector<std::unique_ptr<contracts::Source>> out;
  out.push_back(changes_source());
  out.push_back(commits_source(meaning));
  out.push_back(recent_source());
  out.push_back(cochange_source(models));
  out.push_back(people_source(models));
  return out;
}

}  // namespace mira::git
