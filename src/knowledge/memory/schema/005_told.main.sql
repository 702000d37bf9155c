-- Hashes of lines that Mira itself told: when one comes back in a transcript it is an echo, no new saying.
CREATE TABLE memory_told (
  line_hash INTEGER PRIMARY KEY,
  told_ms   INTEGER NOT NULL
);
