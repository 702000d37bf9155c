#include "knowledge/code/semantics/concept_queries.h"

#include <algorithm>
#include <optional>
#include <set>
#include <unordered_map>

#include "knowledge/code/semantics/concept_words.h"
#include "knowledge/code/semantics/concepts.h"
#include "platform/base/text.h"

namespace mira::semantics {
namespace {

constexpr double beside_share = 0.4;  // of a word of the same group, against the word itself
constexpr double least_strength = 0.1;
constexpr std::int64_t most_elements_of_a_concept = 3000;  // a word of more says nothing of likeness
constexpr std::size_t least_shared_words = 2;

base::Result<std::optional<AskedConcept>> concept_of_stem(store::Connection& index, const std::string& stem) {
  std::optional<AskedConcept> out;
  MIRA_TRY(index.each(
      "SELECT concept_id, name, elements FROM concepts WHERE stem = ?",
      [&](const store::Row& row) {
        out = AskedConcept{row.integer(0), std::string(row.text(1)), row.integer(2)};
      },
      stem));
  return out;
}

// Name, kind and place; false when the element is gone.
base::Result<bool> place_element(store::Connection& index, AboutElement& one) {
  bool found = false;
  MIRA_TRY(index.each(
      "SELECT e.qualified_name, e.kind, f.path, e.name_line FROM code_elements e JOIN repository_files f"
      " USING(file_id) WHERE e.element_id = ?",
      [&](const store::Row& row) {
        found = true;
        one.name = row.text(0);
        one.kind = row.text(1);
        one.path = row.text(2);
        one.line = static_cast<int>(row.integer(3));
      },
      one.id));
  return found;
}

base::Result<std::vector<AboutElement>> placed(store::Connection& index, std::vector<AboutElement> elements) {
  std::vector<AboutElement> out;
  for (AboutElement& one : elements)
    if (MIRA_TRY(place_element(index, one))) out.push_back(std::move(one));
  std::ranges::sort(out, [](const AboutElement& a, const AboutElement& b) {
    if (a.asked != b.asked) return a.asked;
    if (a.strength != b.strength) return a.strength > b.strength;
    return a.path != b.path ? a.path < b.path : a.line < b.line;
  });
  return out;
}

struct Answered {
  std::vector<double> by_word;
  bool asked = false;
  std::vector<WordEvidence> words;
  std::size_t answered() const {
    return static_cast<std::size_t>(std::ranges::count_if(by_word, [](double one) { return one > 0; }));
  }
};

struct OwnWord {
  std::int64_t concept_id = 0;
  std::string name;
  double strength = 0;
  std::int64_t elements = 0;
};

// What the index keeps of one element: its words, looked up one by one.
base::Result<std::vector<OwnWord>> words_of_element(store::Connection& index, std::int64_t element_id) {
  std::set<std::string> stems;
  MIRA_TRY(index.each(
      "SELECT e.name, e.qualified_name, ifnull((SELECT group_concat(d.doc, ' ') FROM code_elements d WHERE"
      " d.name = e.name AND d.qualified_name = e.qualified_name), ''), f.path FROM code_elements e"
      " JOIN repository_files f USING(file_id) WHERE e.element_id = ?",
      [&](const store::Row& row) {
        ElementText text{.name = row.text(0), .scope = row.text(1), .doc = row.text(2), .path = row.text(3)};
        for (const ElementWord& word : words_of(text)) stems.insert(word.stem);
      },
      element_id));
  std::vector<OwnWord> out;
  for (const std::string& stem : stems)
    MIRA_TRY(index.each(
        "SELECT c.concept_id, c.name, i.strength, c.elements FROM concepts c JOIN concept_index i"
        " USING(concept_id) WHERE c.stem = ? AND i.element_id = ?",
        [&](const store::Row& row) {
          out.push_back({row.integer(0), std::string(row.text(1)),
                         static_cast<double>(row.integer(2)) / 1000.0, row.integer(3)});
        },
        stem, element_id));
  return out;
}

}  // namespace

base::Result<AskedConcepts> asked_concepts(store::Connection& index, std::string_view text) {
  AskedConcepts out;
  std::set<std::string> seen;
  for (std::string_view token : base::words(text)) {
    for (const std::string& part : base::split_identifier(token)) {
      std::string stem = concept_stem(part);
      if (!is_concept_word(part) || !seen.insert(stem).second) continue;
      std::size_t word = out.words++, before = out.concepts.size();
      auto own = MIRA_TRY(concept_of_stem(index, stem));
      if (own) out.concepts.push_back({own->id, own->name, own->elements, false, word});
      std::set<std::string> stems{stem};
      for (std::string_view beside : words_beside(stem)) {
        if (!stems.insert(concept_stem(beside)).second) continue;
        auto other = MIRA_TRY(concept_of_stem(index, concept_stem(beside)));
        if (other) out.concepts.push_back({other->id, other->name, other->elements, true, word});
      }
      if (out.concepts.size() == before) out.unknown.push_back(part);
    }
  }
  return out;
}

base::Result<std::vector<AboutElement>> elements_about(store::Connection& index, const AskedConcepts& asked) {
  std::unordered_map<std::int64_t, Answered> found;
  for (const AskedConcept& one : asked.concepts) {
    double share = one.beside ? beside_share : 1;
    MIRA_TRY(index.each(
        "SELECT element_id, strength, fields FROM concept_index WHERE concept_id = ?",
        [&](const store::Row& row) {
          Answered& element = found[row.integer(0)];
          element.by_word.resize(asked.words, 0);
          element.asked |= !one.beside;
          double strength = share * static_cast<double>(row.integer(1)) / 1000.0;
          element.by_word[one.word] = std::max(element.by_word[one.word], strength);
          element.words.push_back(
              {one.name, field_names(static_cast<std::int32_t>(row.integer(2))), strength});
        },
        one.id));
  }
  std::size_t most = 0;
  for (const auto& [id, element] : found) most = std::max(most, element.answered());
  std::size_t needed = most == asked.words ? most : 1;
  std::vector<AboutElement> out;
  for (auto& [id, element] : found) {
    if (element.answered() < needed) continue;
    AboutElement one;
    one.id = id;
    one.asked = element.asked;
    for (double strength : element.by_word) one.strength += strength;
    one.strength = std::min(1.0, one.strength);
    if (one.strength < least_strength) continue;
    one.words = std::move(element.words);
    std::ranges::sort(one.words, [](const WordEvidence& a, const WordEvidence& b) {
      return a.strength != b.strength ? a.strength > b.strength : a.word < b.word;
    });
    out.push_back(std::move(one));
  }
  return placed(index, std::move(out));
}

base::Result<std::vector<AboutElement>> elements_like(store::Connection& index, std::int64_t element_id,
                                                      std::size_t limit) {
  std::unordered_map<std::int64_t, AboutElement> found;
  for (const OwnWord& word : MIRA_TRY(words_of_element(index, element_id))) {
    if (word.elements > most_elements_of_a_concept) continue;
    MIRA_TRY(index.each(
        "SELECT element_id, strength, fields FROM concept_index WHERE concept_id = ? AND element_id <> ?",
        [&](const store::Row& row) {
          AboutElement& one = found[row.integer(0)];
          one.id = row.integer(0);
          double product = word.strength * static_cast<double>(row.integer(1)) / 1000.0;
          one.strength += product;
          one.words.push_back({word.name, field_names(static_cast<std::int32_t>(row.integer(2))), product});
        },
        word.concept_id, element_id));
  }
  std::vector<AboutElement> out;
  for (auto& [id, one] : found) {
    if (one.words.size() < least_shared_words || one.strength < least_strength) continue;
    one.strength = std::min(1.0, one.strength);
    std::ranges::sort(one.words, [](const WordEvidence& a, const WordEvidence& b) {
      return a.strength != b.strength ? a.strength > b.strength : a.word < b.word;
    });
    out.push_back(std::move(one));
  }
  out = MIRA_TRY(placed(index, std::move(out)));
  if (out.size() > limit) out.resize(limit);
  return out;
}

base::Result<ClusterOfFile> cluster_of(store::Connection& index, std::string_view path) {
  ClusterOfFile out;
  MIRA_TRY(index.each(
      "SELECT c.cluster_id, c.name, (SELECT count(*) FROM domain_cluster_members o WHERE o.cluster_id ="
      " c.cluster_id) FROM domain_cluster_members m JOIN domain_clusters c USING(cluster_id) WHERE m.path = "
      "?",
      [&](const store::Row& row) { out = {row.integer(0), std::string(row.text(1)), row.integer(2)}; },
      path));
  return out;
}

}  // namespace mira::semantics
