#include "knowledge/code/semantics/concepts.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <unordered_map>

#include "knowledge/code/resolve_keys.h"
#include "knowledge/code/search_path.h"
#include "knowledge/code/semantics/concept_words.h"
#include "platform/base/text.h"

namespace mira::semantics {
namespace {

struct FieldWeight {
  ConceptField field;
  double weight;
  std::string_view name;
};
constexpr std::array<FieldWeight, 5> field_weights = {{{in_name, 3, "name"},
                                                       {in_scope, 1, "scope"},
                                                       {in_doc, 0.6, "doc"},
                                                       {in_package, 0.7, "package"},
                                                       {in_path, 0.5, "path"}}};
constexpr double saturation = 1.5;              // occurrences that reach half of a word's worth
constexpr std::size_t read_doc_bytes = 400;     // what a doc comment says first is what it is about
constexpr std::size_t longest_word_bytes = 40;  // longer ones are encoded data
constexpr std::size_t most_packages = 20;
constexpr std::string_view external_prefix = "external:";

double weight_of(ConceptField field) {
  for (const FieldWeight& one : field_weights)
    if (one.field == field) return one.weight;
  return 0;
}

class WordCounter {
 public:
  void add(std::string_view text, ConceptField field) {
    for (std::string_view token : base::words(text)) {
      if (token.size() > longest_word_bytes) continue;
      base::for_each_identifier_part(token, [&](std::string_view part) {
        if (!is_concept_word(part)) return;
        ElementWord& word = found_[concept_stem(part)];
        if (word.word.empty()) word.word = part;
        word.count += weight_of(field);
        word.fields |= field;
      });
    }
  }
  std::vector<ElementWord> take() {
    std::vector<ElementWord> out;
    for (auto& [stem, word] : found_) {
      word.stem = stem;
      out.push_back(std::move(word));
    }
    return out;
  }

 private:
  std::map<std::string, ElementWord, std::less<>> found_;
};

struct UsedWord {
  std::int32_t word = 0;  // by the order in which words were first met
  std::int32_t fields = 0;
  double count = 0;
};

struct Element {
  std::int64_t id = 0;
  std::size_t file = 0;
  std::vector<UsedWord> words;
};

struct Word {
  std::map<std::string, std::int64_t, std::less<>> forms;
  std::int64_t elements = 0;
};

std::string_view scope_of(std::string_view qualified, std::string_view name) {
  if (qualified.size() <= name.size()) return {};
  return qualified.substr(0, qualified.size() - name.size());
}

// A header of C may be read as one of C++.
std::string declared_key(std::string_view qualified, std::string_view language) {
  return std::string(qualified) + '\n' + std::to_string(static_cast<int>(code::family_of(language)));
}

// "external:os.path.join" -> "os"; "" for the language's own library.
std::string package_of(std::string_view external) {
  if (external.starts_with(external_prefix)) external.remove_prefix(external_prefix.size());
  std::string_view package = external.substr(0, external.find_first_of(".:"));
  if (package == "std" || package == "builtins") return {};
  return std::string(package);
}

class Finder {
 public:
  explicit Finder(store::Connection& index) : index_(index) {}

  base::Result<ConceptIndex> run() {
    MIRA_TRY(read_packages());
    MIRA_TRY(read_declarations());
    MIRA_TRY(read_files());
    MIRA_TRY(read_elements());
    weigh();
    return std::move(out_);
  }

 private:
  static bool is_product(std::string_view path) {
    code::PathTraits traits = code::path_traits(path);
    return !traits.test && !traits.example && !traits.vendored && !traits.type_declarations;
  }

  base::Status read_packages() {
    return index_.each(
        "SELECT DISTINCT caller_id, external FROM call_graph WHERE tier = 'external' AND caller_id IS NOT "
        "NULL"
        " ORDER BY caller_id, external",
        [&](const store::Row& row) {
          std::string package = package_of(row.text(1));
          std::vector<std::string>& known = packages_[row.integer(0)];
          if (!package.empty() && known.size() < most_packages && (known.empty() || known.back() != package))
            known.push_back(std::move(package));
        });
  }

  // What a header says of a function is said of its definition too.
  base::Status read_declarations() {
    return index_.each(
        "SELECT f.language, e.qualified_name, e.doc FROM code_elements e JOIN repository_files f "
        "USING(file_id)"
        " WHERE e.is_declaration = 1 AND e.doc <> '' ORDER BY f.path, e.symbol_index",
        [&](const store::Row& row) {
          declared_docs_.try_emplace(declared_key(row.text(1), row.text(0)), row.text(2));
        });
  }

  base::Status read_files() {
    return index_.each(
        "SELECT file_id, path FROM repository_files WHERE generated = 0 AND parse_state IN ('clean',"
        " 'partial') ORDER BY path",
        [&](const store::Row& row) {
          if (!is_product(row.text(1))) return;
          file_places_[row.integer(0)] = out_.files.size();
          out_.files.push_back({std::string(row.text(1)), {}});
        });
  }

  base::Status read_elements() {
    return index_.each(
        "SELECT e.element_id, e.file_id, e.name, e.qualified_name, e.doc, f.path, f.language, "
        "e.is_declaration"
        " FROM code_elements e JOIN repository_files f USING(file_id) WHERE f.generated = 0 AND e.kind IN"
        " ('function', 'method', 'class', 'struct', 'union', 'enum', 'interface', 'trait')"
        " AND (e.is_declaration = 0 OR NOT EXISTS (SELECT 1 FROM code_elements d WHERE d.name = e.name AND"
        " d.qualified_name = e.qualified_name AND d.is_declaration = 0)) ORDER BY f.path, e.symbol_index",
        [&](const store::Row& row) { add(row); });
  }

  void add(const store::Row& row) {
    auto file = file_places_.find(row.integer(1));
    if (file == file_places_.end()) return;
    std::string doc(row.text(4));
    if (doc.empty()) {
      auto declared = declared_docs_.find(declared_key(row.text(3), row.text(6)));
      if (declared != declared_docs_.end()) doc = declared->second;
    }
    ElementText text{
        .name = row.text(2), .scope = scope_of(row.text(3), row.text(2)), .doc = doc, .path = row.text(5)};
    if (auto known = packages_.find(row.integer(0)); known != packages_.end()) text.packages = known->second;
    Element element{row.integer(0), file->second, {}};
    for (const ElementWord& word : words_of(text)) {
      auto [place, fresh] = word_places_.try_emplace(word.stem, static_cast<std::int32_t>(words_.size()));
      if (fresh) words_.emplace_back();
      Word& known = words_[static_cast<std::size_t>(place->second)];
      ++known.elements;
      ++known.forms[word.word];
      element.words.push_back({place->second, word.fields, word.count});
    }
    elements_.push_back(std::move(element));
  }

  double rarity(const Word& word) const {
    auto all = static_cast<double>(elements_.size()), with = static_cast<double>(word.elements);
    return std::log(1 + (all - with + 0.5) / (with + 0.5));
  }

  // By stem.
  void name_concepts() {
    std::vector<std::pair<std::string_view, std::int32_t>> order(word_places_.begin(), word_places_.end());
    std::ranges::sort(order);
    concept_of_.assign(words_.size(), -1);
    for (const auto& [stem, place] : order) {
      const Word& word = words_[static_cast<std::size_t>(place)];
      concept_of_[static_cast<std::size_t>(place)] = static_cast<std::int32_t>(out_.concepts.size());
      auto best = std::ranges::max_element(word.forms, [](const auto& a, const auto& b) {
        if (a.second != b.second) return a.second < b.second;
        return a.first.size() != b.first.size() ? a.first.size() > b.first.size() : a.first > b.first;
      });
      out_.concepts.push_back({std::string(stem), best->first, 0, 0});
    }
  }

  void weigh() {
    name_concepts();
    std::vector<std::map<std::int32_t, double>> of_file(out_.files.size());
    for (const Element& element : elements_) {
      for (const ConceptRow& row : rows_of(element)) {
        out_.rows.push_back(row);
        of_file[element.file][row.place] += row.strength / 1000.0;
      }
    }
    std::ranges::sort(out_.rows);
    for (std::size_t i = 0; i < of_file.size(); ++i) {
      out_.files[i].words.assign(of_file[i].begin(), of_file[i].end());
      for (const auto& [place, strength] : of_file[i]) ++out_.concepts[static_cast<std::size_t>(place)].files;
    }
    for (const ConceptRow& row : out_.rows) ++out_.concepts[static_cast<std::size_t>(row.place)].elements;
  }

  std::vector<ConceptRow> rows_of(const Element& element) const {
    struct Weighed {
      double weight;
      std::int32_t place, fields;
    };
    std::vector<Weighed> weighed;
    for (const UsedWord& used : element.words) {
      std::int32_t place = concept_of_[static_cast<std::size_t>(used.word)];
      if (place < 0) continue;
      double weight =
          rarity(words_[static_cast<std::size_t>(used.word)]) * used.count / (used.count + saturation);
      weighed.push_back({weight, place, used.fields});
    }
    std::ranges::sort(weighed, [](const Weighed& a, const Weighed& b) {
      return a.weight != b.weight ? a.weight > b.weight : a.place < b.place;
    });
    double squares = 0;
    for (const Weighed& one : weighed) squares += one.weight * one.weight;
    if (weighed.size() > most_concepts_of_an_element) weighed.resize(most_concepts_of_an_element);
    std::vector<ConceptRow> rows;
    for (const Weighed& one : weighed) {
      auto strength = static_cast<std::int32_t>(std::lround(1000 * one.weight / std::sqrt(squares)));
      if (strength > 0) rows.push_back({one.place, element.id, strength, one.fields});
    }
    return rows;
  }

  store::Connection& index_;
  ConceptIndex out_;
  std::unordered_map<std::int64_t, std::vector<std::string>> packages_;  // by caller
  std::unordered_map<std::string, std::string> declared_docs_;
  std::unordered_map<std::int64_t, std::size_t> file_places_;
  std::unordered_map<std::string, std::int32_t> word_places_;  // by stem
  std::vector<Word> words_;
  std::vector<Element> elements_;
  std::vector<std::int32_t> concept_of_;
};

}  // namespace

std::string field_names(std::int32_t fields) {
  std::string out;
  for (const FieldWeight& one : field_weights)
    if ((fields & one.field) != 0) out += (out.empty() ? "" : ", ") + std::string(one.name);
  return out;
}

std::vector<ElementWord> words_of(const ElementText& text) {
  WordCounter counter;
  counter.add(text.name, in_name);
  counter.add(text.scope, in_scope);
  counter.add(base::truncate_utf8(text.doc, read_doc_bytes), in_doc);
  for (const std::string& package : text.packages) counter.add(package, in_package);
  std::size_t slash = text.path.rfind('/');
  if (slash != std::string_view::npos) counter.add(text.path.substr(0, slash), in_path);
  counter.add(code::file_stem(text.path), in_path);
  return counter.take();
}

base::Result<ConceptIndex> find_concepts(store::Connection& index) {
  return Finder(index).run();
}

}  // namespace mira::semantics
