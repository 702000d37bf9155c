// The only way to a model. For each request: price, reserve the worst case against every
// cap, call, settle by real usage, record. Secrets are masked here, before text leaves
// and before an answer is kept. A broken answer that was paid for is settled as such, and
// a new try is a new reservation, so retries cannot pass a cap either. Equal requests at the same
// time, of threads or of processes, are one call: the others wait for the answer that is kept.
#pragma once

#include <memory>

#include "platform/budget/cache.h"
#include "platform/budget/ledger.h"
#include "platform/models/catalog.h"
#include "platform/models/provider.h"
#include "platform/store/file_lock.h"

namespace mira::budget {

// What a metered client stands on; all must outlive it.
struct Ground {
  store::Writer& writer;    // of mira.db
  store::Connection& main;  // for reading
  const base::Clock& clock;
  models::Breaker& breaker;
  std::string project_id;
};

struct Connected {
  models::Catalog catalog;
  models::Endpoint endpoint;
};

std::filesystem::path models_file();
// The catalogue and the endpoint of this user; what is known of the host is taken from
// the database. unavailable: no endpoint is configured.
base::Result<Connected> find_models(store::Connection& main);

class MeteredClient : public models::Client {
 public:
  MeteredClient(Connected connected, Ground ground, models::RetryPolicy policy = {});
  base::Result<models::Answer> ask(const models::Request& request, const models::OnText& on_text,
                                   base::Deadline deadline) override;
  // The models that the host lists; free, so it leaves no row.
  base::Result<std::vector<models::Provider::Listed>> list(base::Deadline deadline);
  const models::Endpoint& endpoint() const { return provider_.endpoint(); }
  // What the host said last of how much it may be asked.
  models::RateLimits limits() const { return provider_.limits(); }

 private:
  struct Target {
    std::string model, effort;
    std::vector<std::string> notes;
  };
  struct Work;  // one request to one model, with everything drawn from it
  struct Attempt;

  base::Result<std::vector<Target>> targets(const models::Request& request) const;
  void fit_effort(Target& target) const;
  std::optional<models::Price> price_of(const std::string& model, std::string_view tier) const;
  Work work_for(const models::Request& request, const Target& target) const;
  base::Result<models::Answer> ask_model(Work& work, const models::OnText& on_text, base::Deadline deadline,
                                         models::Fault& fault);
  // Nothing: it may not be kept, or who asks the same takes too long.
  std::optional<store::FileLock> wait_for_equal(const Work& work, base::Deadline deadline) const;
  base::Result<models::Answer> from_cache(const Work& work, const CachedAnswer& kept);
  base::Result<Attempt> attempt(Work& work, const models::OnText& on_text, base::Deadline deadline);
  Settlement settlement_of(const Work& work, const models::Outcome& outcome,
                           std::vector<std::string>& notes) const;
  models::Answer answer_of(const Work& work, Attempt& attempt) const;
  base::Status remember_protocol();

  models::Catalog catalog_;
  models::Provider provider_;
  Ground ground_;
  Ledger ledger_;
  models::Protocol stored_protocol_;
};

}  // namespace mira::budget
