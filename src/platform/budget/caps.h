// What may be spent: caps for one request, an operation, a project (a month), a day and a
// month. Day and month have defaults, so that a mistake is bounded from the first call.
// Settled and reserved money count alike; so does that of a process that died.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "platform/budget/window.h"
#include "platform/store/connection.h"

namespace mira::budget {

enum class Scope { request, operation, day, month, project };
std::string_view scope_name(Scope scope);
std::optional<Scope> scope_named(std::string_view name);

inline constexpr std::int64_t default_day_nano = 5'000'000'000, default_month_nano = 150'000'000'000;
inline constexpr double background_share = 0.5;  // of the day's cap
inline constexpr double default_pack_share = 0.4, least_pack_share = 0.8;
inline constexpr double first_warning_share = 0.7, last_warning_share = 0.9;

struct Cap {
  Scope scope = Scope::day;
  std::string subject;
  std::int64_t cap_nano = 0;
  bool is_default = false;
};

// Money of one cap: counted = spent + reserved + unknown.
struct Standing {
  Cap cap;
  Window window;
  std::int64_t counted_nano = 0;
  double share() const;  // of the cap, 1 when nothing is left
  std::int64_t left_nano() const { return cap.cap_nano > counted_nano ? cap.cap_nano - counted_nano : 0; }
};

struct Whose {
  std::string project_id, operation;
  bool every_operation = false;  // to be shown; a request belongs to one
};

// The caps in force, defaults included.
base::Result<std::vector<Cap>> caps(store::Connection& main);
// nullopt takes the cap away, a default too.
base::Status set_cap(store::Connection& main, Scope scope, const std::string& subject,
                     std::optional<std::int64_t> cap_nano, std::int64_t now_ms);
// Back to the default where there is one.
base::Status reset_cap(store::Connection& main, Scope scope, const std::string& subject);

// The window that counts now. A change of zone joins the old window with the new one, so
// that nothing spent in the old one is forgotten before it ends. Only looks.
base::Result<Window> current_window(store::Connection& main, Span span, std::int64_t now_ms);
// The same, and keeps it. Inside a transaction.
base::Result<Window> keep_window(store::Connection& main, Span span, std::int64_t now_ms);

// Standing of every cap that concerns this project and operation now (not of requests).
base::Result<std::vector<Standing>> standings(store::Connection& main, const Whose& whose,
                                              std::int64_t now_ms);
// The largest share of the day's and the month's cap; nullopt when neither is set.
std::optional<double> pressure(const std::vector<Standing>& standings);
// Sentences from 70 % on.
std::vector<std::string> warnings(const std::vector<Standing>& standings);

}  // namespace mira::budget
