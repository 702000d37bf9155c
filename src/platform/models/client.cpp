#include "platform/models/client.h"

namespace mira::models {

std::string_view purpose_name(Purpose purpose) {
  switch (purpose) {
    case Purpose::chat:
      return "chat";
    case Purpose::context:
      return "context";
    case Purpose::analysis:
      return "analysis";
    case Purpose::summary:
      return "summary";
    case Purpose::embedding:
      return "embedding";
    case Purpose::tool:
      return "tool";
    case Purpose::probe:
      return "probe";
  }
  return "chat";
}

std::string_view finish_name(Finish finish) {
  switch (finish) {
    case Finish::complete:
      return "complete";
    case Finish::calls:
      return "calls";
    case Finish::cut_by_length:
      return "cut_by_length";
    case Finish::filtered:
      return "filtered";
    case Finish::refused:
      return "refused";
  }
  return "complete";
}

}  // namespace mira::models
