// as_value: waits for an asynchronous operation in a coroutine and gives back its error
// code and results as a tuple, never an exception. Newer Asio has as_tuple for this; Debian
// 12's default Boost (1.74) does not, and both are built with.
#pragma once

#include <boost/asio.hpp>
#include <tuple>
#include <type_traits>
#include <utility>

namespace mira::http {

struct AsValue {};
inline constexpr AsValue as_value{};

// Hands on what came as one tuple; runs where the coroutine runs.
template <class Handler, class... Results>
struct TupleHandler {
  using executor_type = boost::asio::associated_executor_t<Handler>;
  executor_type get_executor() const noexcept { return boost::asio::get_associated_executor(handler); }
  void operator()(Results... results) { std::move(handler)(std::tuple<Results...>(std::move(results)...)); }
  Handler handler;
};

}  // namespace mira::http

namespace boost::asio {

template <class... Results>
class async_result<mira::http::AsValue, void(Results...)> {
 public:
  template <class Initiation, class... Arguments>
  static auto initiate(Initiation&& initiation, const mira::http::AsValue&, Arguments&&... arguments) {
    using Tuple = std::tuple<std::decay_t<Results>...>;
    return async_initiate<const use_awaitable_t<>&, void(Tuple)>(
        [start = std::forward<Initiation>(initiation)](auto&& handler, auto&&... rest) mutable {
          using Handler = std::decay_t<decltype(handler)>;
          std::move(start)(
              mira::http::TupleHandler<Handler, std::decay_t<Results>...>{
                  std::forward<decltype(handler)>(handler)},
              std::forward<decltype(rest)>(rest)...);
        },
        use_awaitable, std::forward<Arguments>(arguments)...);
  }
};

}  // namespace boost::asio
