// Opens the two kinds of database: mira.db (precious, one a home) and index.db
// (derivable, one a project). A damaged or too new index.db is set aside and
// rebuilt, with a note; mira.db is never touched when something is wrong with it.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "contracts/feature.h"
#include "platform/base/home.h"
#include "platform/store/backup_folder.h"
#include "platform/store/connection.h"
#include "platform/store/writer.h"
#include "platform/workspace/project.h"

namespace mira::app {

// The schema of app itself (generated from schema/*.sql).
store::Schema schema();
std::vector<store::Schema> schemas(std::span<const contracts::Feature> features);

// Opens, and where needed backs up and migrates, home.data/mira.db: its one writer in this process.
base::Result<std::unique_ptr<store::Writer>> open_main(const base::Home& home,
                                                       std::span<const store::Schema> schemas,
                                                       const base::Clock& clock);

// Opens or makes project.data/index.db. What was set aside is added to notes.
base::Result<store::Connection> open_index(const workspace::Project& project,
                                           std::span<const store::Schema> schemas, const base::Clock& clock,
                                           std::vector<std::string>& notes);
// Whether an open index has the tables of this version; brings an older one to it.
bool is_current(store::Connection& index, const workspace::Project& project,
                std::span<const store::Schema> schemas, const base::Clock& clock);
base::Result<store::Connection> open_reader(const std::filesystem::path& file, store::Durability durability);

std::filesystem::path main_file(const base::Home& home);
store::BackupFolder backup_folder(const base::Home& home);  // of mira.db
std::filesystem::path index_file(const workspace::Project& project);
std::filesystem::path index_lock_file(const workspace::Project& project);

}  // namespace mira::app
