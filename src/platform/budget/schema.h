// The tables of money in mira.db (schema/*.sql).
#pragma once

#include "platform/store/migrate.h"

namespace mira::budget {

store::Schema schema();

}  // namespace mira::budget
