// Models, aliases, efforts and prices as dated data. The rows of catalog.json are
// compiled in; a file of the user wins row by row. No code names a model: work asks
// for an alias, and the catalogue says which model that is now. A row is chosen by
// its exact name and date, never by likeness: a model without a row has no price.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "platform/base/result.h"
#include "platform/models/money.h"

namespace mira::models {

struct ModelRow {
  std::string id, host;
  std::int64_t until_ms = 0;                                             // its end of life; 0: none is known
  std::int64_t context_tokens = 0, input_tokens = 0, output_tokens = 0;  // 0: not known
  std::vector<std::string> efforts;                                      // allowed, least first
  std::string default_effort;
  // How long the host is asked to keep the beginning of a prompt, as it calls it; at most one of them.
  std::string cache_retention, cache_ttl;
  std::string from, until, source, checked;  // dates as YYYY-MM-DD
  bool is_users = false;                     // of the user's file
};

struct PriceRow {
  std::string model, host, tier;
  std::int64_t from_ms = 0, until_ms = 0;  // until 0: still holds
  Price price;
  std::string from, source, checked;
};

struct Successor {
  std::string model, effort;  // effort "": the alias's
};

struct Alias {
  std::string name, model, effort;
  std::vector<Successor> successors;  // in order
};

// The user's own choice of a host, from the same file.
struct EndpointRow {
  std::string base;               // "http://localhost:11434/v1"; "" when not given
  std::string key_env, key_file;  // where its key is; both may be empty
  std::string protocol;           // "", "responses" or "chat"
  bool is_local = false;          // costs nothing: said by the user, never guessed from a name
};

// The user's own choice of a model that embeds, from the same file. Without it the one that Mira runs
// itself does: what is embedded is sent to no host that nobody named.
struct EmbeddingRow {
  std::string model;                            // "" when not given
  std::size_t dimensions = 0;                   // required with a model: part of what a vector is
  EndpointRow endpoint;                         // base "": the endpoint that answers questions too
  std::string question_prefix, passage_prefix;  // what the model was trained to see before a text
};

class Catalog {
 public:
  // The built-in rows with those of `file` over them (it may be absent). usage: the
  // file is not what it should be; the message says which row.
  static base::Result<Catalog> load(const std::filesystem::path& file);

  const ModelRow* model(std::string_view host, std::string_view id) const;
  // What a host itself says of a model's end, "" for none; a date in the user's row stays. False: no date.
  bool note_end(std::string_view host, std::string_view id, std::string_view date);
  const Alias* alias(std::string_view name) const;
  // The row of host, model and tier with the latest `from` that holds at that time.
  const PriceRow* price(std::string_view host, std::string_view model, std::string_view tier,
                        std::int64_t at_ms) const;
  const std::vector<ModelRow>& models() const { return models_; }
  const std::vector<Alias>& aliases() const { return aliases_; }
  const std::vector<PriceRow>& prices() const { return prices_; }
  const EndpointRow& endpoint() const { return endpoint_; }
  const EmbeddingRow& embedding() const { return embedding_; }

 private:
  friend class CatalogReader;
  std::vector<ModelRow> models_;
  std::vector<Alias> aliases_;
  std::vector<PriceRow> prices_;
  EndpointRow endpoint_;
  EmbeddingRow embedding_;
};

// What an allowed effort is for the one asked for: itself, else the next higher one, else the highest.
// "" when the model has none.
std::string allowed_effort(const ModelRow& model, std::string_view wanted);
bool is_effort(std::string_view name);

// Midnight UTC of YYYY-MM-DD in Unix milliseconds.
std::optional<std::int64_t> day_ms(std::string_view date);
std::string_view built_in_catalog();

}  // namespace mira::models
