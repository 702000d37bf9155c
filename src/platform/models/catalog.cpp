#include "platform/models/catalog.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <fstream>
#include <nlohmann/json.hpp>

#include "platform/base/text.h"

namespace mira::models {

namespace {

using base::ErrorCode;
using base::Result;
using nlohmann::json;

constexpr std::array<std::string_view, 7> efforts_by_strength{"none", "minimal", "low", "medium",
                                                              "high", "xhigh",   "max"};
constexpr std::size_t most_file_bytes = 1 << 20;

int strength(std::string_view effort) {
  const auto* at = std::ranges::find(efforts_by_strength, effort);
  return static_cast<int>(at - efforts_by_strength.begin());
}

constexpr std::size_t most_dimensions = 8192;

std::string text_of(const json& row, const char* name) {
  auto found = row.find(name);
  return found != row.end() && found->is_string() ? found->get<std::string>() : "";
}

std::int64_t count_of(const json& row, const char* name) {
  auto found = row.find(name);
  return found != row.end() && found->is_number_unsigned() ? found->get<std::int64_t>() : 0;
}

// A row with the same identity is replaced, another is added.
template <class Row, class Same>
void put(std::vector<Row>& rows, Row row, Same same) {
  auto found = std::ranges::find_if(rows, [&](const Row& old) { return same(old, row); });
  if (found == rows.end())
    rows.push_back(std::move(row));
  else
    *found = std::move(row);
}

}  // namespace

// Reads one text of rows into a catalogue. Every error names the row.
class CatalogReader {
 public:
  enum class Of { program, user };
  CatalogReader(Catalog& into, std::string name, Of of) : into_(into), name_(std::move(name)), of_(of) {}

  base::Status read(std::string_view text) {
    json all = json::parse(text, nullptr, false, true);
    if (!all.is_object()) return wrong("it is not a JSON object (comments are allowed)");
    MIRA_TRY(each(all, "models", [&](const json& row) { return read_model(row); }));
    MIRA_TRY(each(all, "aliases", [&](const json& row) { return read_alias(row); }));
    MIRA_TRY(each(all, "prices", [&](const json& row) { return read_price(row); }));
    if (auto endpoint = all.find("endpoint"); endpoint != all.end())
      into_.endpoint_ = MIRA_TRY(endpoint_of(*endpoint));
    if (auto embedding = all.find("embedding"); embedding != all.end()) MIRA_TRY(read_embedding(*embedding));
    return {};
  }

 private:
  std::unexpected<base::Error> wrong(std::string what) const {
    return base::fail(ErrorCode::usage, fmt::format("{}: {}", name_, what),
                      "correct the file, or move it away to use the built-in rows alone");
  }

  template <class F>
  base::Status each(const json& all, const char* list, F&& read_row) {
    auto rows = all.find(list);
    if (rows == all.end()) return {};
    if (!rows->is_array()) return wrong(fmt::format("\"{}\" is not a list", list));
    std::size_t number = 0;
    for (const json& row : *rows) {
      where_ = fmt::format("{}, row {}", list, ++number);
      if (!row.is_object()) return wrong(where_ + " is not an object");
      MIRA_TRY(read_row(row));
    }
    return {};
  }

  Result<std::int64_t> date(const json& row, const char* name, bool required) const {
    std::string text = text_of(row, name);
    if (text.empty() && !required) return 0;
    auto day = day_ms(text);
    if (!day) return wrong(fmt::format("{}: \"{}\" is not a date like 2026-11-24", where_, name));
    return *day;
  }

  Result<Rates> rates(const json& row) const {
    Rates out;
    auto one = [&](const char* name, std::int64_t& rate, std::int64_t otherwise) -> base::Status {
      std::string text = text_of(row, name);
      auto value = text.empty() ? std::optional(otherwise) : pico_per_token(text);
      if (!value || (*value < 0))
        return wrong(
            fmt::format("{}: \"{}\" is not dollars for a million tokens, as \"1.25\"", where_, name));
      rate = *value;
      return {};
    };
    MIRA_TRY(one("input", out.input, -1));
    MIRA_TRY(one("output", out.output, 0));
    MIRA_TRY(one("cached", out.cached, out.input));
    MIRA_TRY(one("cache_write", out.cache_write, out.input));
    return out;
  }

  base::Status read_model(const json& row) {
    ModelRow out{.id = text_of(row, "id"), .host = text_of(row, "host")};
    if (out.id.empty() || out.host.empty()) return wrong(where_ + " needs \"id\" and \"host\"");
    out.until_ms = MIRA_TRY(date(row, "until", false));
    out.context_tokens = count_of(row, "context");
    out.input_tokens = count_of(row, "max_input");
    out.output_tokens = count_of(row, "max_output");
    for (const json& effort : row.value("efforts", json::array())) {
      if (!effort.is_string() || !is_effort(effort.get<std::string>()))
        return wrong(fmt::format("{}: an effort is one of {}", where_, fmt::join(efforts_by_strength, ", ")));
      out.efforts.push_back(effort.get<std::string>());
    }
    std::ranges::sort(out.efforts, {}, strength);
    out.default_effort = text_of(row, "default_effort");
    out.cache_retention = text_of(row, "cache_retention");
    out.cache_ttl = text_of(row, "cache_ttl");
    if (!out.cache_retention.empty() && !out.cache_ttl.empty())
      return wrong(where_ + ": give \"cache_retention\" or \"cache_ttl\", no host takes both");
    out.from = text_of(row, "from");
    out.until = text_of(row, "until");
    out.source = text_of(row, "source");
    out.checked = text_of(row, "checked");
    out.is_users = of_ == Of::user;
    put(into_.models_, std::move(out),
        [](const ModelRow& a, const ModelRow& b) { return a.id == b.id && a.host == b.host; });
    return {};
  }

  base::Status read_alias(const json& row) {
    Alias out{.name = text_of(row, "name"), .model = text_of(row, "model"), .effort = text_of(row, "effort")};
    if (out.name.empty() || out.model.empty()) return wrong(where_ + " needs \"name\" and \"model\"");
    if (out.effort.empty()) out.effort = "medium";
    if (!is_effort(out.effort))
      return wrong(fmt::format("{}: an effort is one of {}", where_, fmt::join(efforts_by_strength, ", ")));
    for (const json& next : row.value("successors", json::array())) {
      if (!next.is_object() || text_of(next, "model").empty())
        return wrong(where_ + ": a successor needs \"model\"");
      out.successors.push_back({text_of(next, "model"), text_of(next, "effort")});
    }
    put(into_.aliases_, std::move(out), [](const Alias& a, const Alias& b) { return a.name == b.name; });
    return {};
  }

  base::Status read_price(const json& row) {
    PriceRow out{.model = text_of(row, "model"), .host = text_of(row, "host"), .tier = text_of(row, "tier")};
    if (out.model.empty() || out.host.empty()) return wrong(where_ + " needs \"model\" and \"host\"");
    if (out.tier.empty()) out.tier = "standard";
    out.from_ms = MIRA_TRY(date(row, "from", false));
    out.until_ms = MIRA_TRY(date(row, "until", false));
    out.price.rates = MIRA_TRY(rates(row));
    if (auto longer = row.find("long"); longer != row.end() && longer->is_object()) {
      out.price.long_over = count_of(*longer, "over");
      if (out.price.long_over == 0) return wrong(where_ + ": \"long\" needs \"over\", a number of tokens");
      out.price.long_rates = MIRA_TRY(rates(*longer));
    }
    out.from = text_of(row, "from");
    out.source = text_of(row, "source");
    out.checked = text_of(row, "checked");
    put(into_.prices_, std::move(out), [](const PriceRow& a, const PriceRow& b) {
      return a.model == b.model && a.host == b.host && a.tier == b.tier && a.from_ms == b.from_ms;
    });
    return {};
  }

  Result<EndpointRow> endpoint_of(const json& row) const {
    if (!row.is_object()) return wrong("\"endpoint\" is not an object");
    EndpointRow out{.base = text_of(row, "base"),
                    .key_env = text_of(row, "key_env"),
                    .key_file = text_of(row, "key_file"),
                    .protocol = text_of(row, "protocol"),
                    .is_local = row.value("local", json(false)) == json(true)};
    if (!out.protocol.empty() && out.protocol != "responses" && out.protocol != "chat")
      return wrong(R"("endpoint": "protocol" is "responses" or "chat")");
    return out;
  }

  base::Status read_embedding(const json& row) {
    if (!row.is_object()) return wrong("\"embedding\" is not an object");
    EmbeddingRow out{.model = text_of(row, "model"),
                     .dimensions = static_cast<std::size_t>(count_of(row, "dimensions")),
                     .question_prefix = text_of(row, "question_prefix"),
                     .passage_prefix = text_of(row, "passage_prefix")};
    if (out.model.empty() || out.dimensions == 0 || out.dimensions > most_dimensions)
      return wrong(R"("embedding" needs "model" and "dimensions", as "text-embedding-3-large" and 3072)");
    if (auto endpoint = row.find("endpoint"); endpoint != row.end())
      out.endpoint = MIRA_TRY(endpoint_of(*endpoint));
    into_.embedding_ = std::move(out);
    return {};
  }

  Catalog& into_;
  std::string name_, where_;
  Of of_;
};

Result<Catalog> Catalog::load(const std::filesystem::path& file) {
  Catalog out;
  MIRA_TRY(CatalogReader(out, "the built-in catalogue", CatalogReader::Of::program).read(built_in_catalog()));
  std::error_code ignored;
  if (!std::filesystem::exists(file, ignored)) return out;
  std::ifstream in(file, std::ios::binary);
  std::string text(most_file_bytes + 1, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(in.gcount()));
  std::string name = base::display_line(file.string());
  if (in.bad() || (text.empty() && !in.eof()))
    return base::fail(ErrorCode::unavailable, name + " cannot be read", "check its rights");
  if (text.size() > most_file_bytes)
    return base::fail(ErrorCode::usage, name + " is over a megabyte", "keep only the rows that differ");
  MIRA_TRY(CatalogReader(out, name, CatalogReader::Of::user).read(text));
  return out;
}

const ModelRow* Catalog::model(std::string_view host, std::string_view id) const {
  for (const ModelRow& row : models_) {
    if (row.id == id && row.host == host) return &row;
  }
  return nullptr;
}

bool Catalog::note_end(std::string_view host, std::string_view id, std::string_view date) {
  auto end_ms = date.empty() ? std::optional<std::int64_t>(0) : day_ms(date);
  if (!end_ms) return false;
  auto row = std::ranges::find_if(models_, [&](const ModelRow& r) { return r.id == id && r.host == host; });
  if (row == models_.end()) {
    models_.push_back({.id = std::string(id), .host = std::string(host)});
    row = models_.end() - 1;
  }
  if (row->is_users && !row->until.empty()) return true;
  row->until = date;
  row->until_ms = *end_ms;
  return true;
}

const Alias* Catalog::alias(std::string_view name) const {
  for (const Alias& row : aliases_) {
    if (row.name == name) return &row;
  }
  return nullptr;
}

const PriceRow* Catalog::price(std::string_view host, std::string_view model, std::string_view tier,
                               std::int64_t at_ms) const {
  const PriceRow* best = nullptr;
  for (const PriceRow& row : prices_) {
    bool fits = row.host == host && row.model == model && row.tier == tier && row.from_ms <= at_ms &&
                (row.until_ms == 0 || at_ms < row.until_ms);
    if (fits && (best == nullptr || row.from_ms > best->from_ms)) best = &row;
  }
  return best;
}

std::string allowed_effort(const ModelRow& model, std::string_view wanted) {
  for (const std::string& effort : model.efforts) {
    if (strength(effort) >= strength(wanted)) return effort;
  }
  return model.efforts.empty() ? "" : model.efforts.back();
}

bool is_effort(std::string_view name) {
  return std::ranges::find(efforts_by_strength, name) != efforts_by_strength.end();
}

std::optional<std::int64_t> day_ms(std::string_view date) {
  if (date.size() != 10 || date[4] != '-' || date[7] != '-') return std::nullopt;
  auto number = [&](std::size_t at, std::size_t length) {
    int out = -1;
    auto part = date.substr(at, length);
    auto [end, error] = std::from_chars(part.data(), part.data() + part.size(), out);
    return error == std::errc() && end == part.data() + part.size() ? out : -1;
  };
  int year = number(0, 4), month = number(5, 2), day = number(8, 2);
  if (year < 1970 || month < 1 || day < 1) return std::nullopt;
  std::chrono::year_month_day when{std::chrono::year(year), std::chrono::month(static_cast<unsigned>(month)),
                                   std::chrono::day(static_cast<unsigned>(day))};
  if (!when.ok()) return std::nullopt;
  return std::chrono::sys_days(when).time_since_epoch().count() * std::int64_t{86'400'000};
}

}  // namespace mira::models
