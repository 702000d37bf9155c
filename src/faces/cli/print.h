// Replies and errors on the terminal or as JSON. Foreign bytes have been made
// valid UTF-8 by whoever produced the data; here they are made safe to show.
#pragma once

#include <string>

#include "contracts/action.h"

namespace mira::cli {

// {"ok":true,"data":..,"notes":[..],"cursor":..} and a newline.
std::string json_reply(const contracts::Reply& reply);
// {"ok":false,"error":{"code","message","hint","next":[..]}} and a newline.
std::string json_error(const base::Error& error);
// For people: the action's own rendering, else a generic one.
std::string text_reply(const contracts::Action& action, const contracts::Reply& reply,
                       const contracts::Style& style);
std::string text_error(const base::Error& error);
// JSON as one line of valid UTF-8, whatever bytes its strings hold.
std::string dump_line(const contracts::Json& json);

// Colour only on a terminal and where no environment variable takes it away.
contracts::Style style_of(int descriptor, bool plain);
// Writes everything; false when the reader is gone or the disk is full.
bool write_all(int descriptor, std::string_view text);

}  // namespace mira::cli
