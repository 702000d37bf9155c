// Every constant of the ranking, by name. Chosen on 150 labelled queries over eight
// repositories and 600 commit subjects over three, never on a single query; each
// boost has a test that shows what it buys. Scores order one answer, nothing else.
#pragma once

namespace mira::code {

struct RankWeights {
  // Occurrences of a word count by the field they stand in ...
  double name = 4.0, signature = 2.0, doc = 1.5, body = 1.0;
  double length_share = 0.75;   // how far a long body lowers a word's count (BM25's b)
  double saturation = 1.2;      // occurrences that reach half of a word's worth (BM25's k1)
  double part = 0.7;            // a part of an identifier of the query, against the whole of it
  // ... a chunk also answers for its file: all chunks' words together, and the path's.
  double file_saturation = 3.0;
  double file_share = 0.3;      // of the file's score, in the chunk's units
  double path_stem = 1.0, path_folder = 0.3;
  double coverage = 0.0;        // x share of the query's word weight found in the file
  // Added to a chunk, in units of the answer's best score.
  double asked_definition = 2.0;      // defines the symbol that is the whole query
  double mentioned_definition = 0.7;  // defines a symbol mentioned in a sentence
  double named_path = 2.0;            // of a file named in the query
  double path_words = 0.6;            // x share of the query's words in the file's name
  // Factors on a chunk by its place, unless the query asks for such places.
  double test = 0.3, example = 0.3, generated = 0.3, vendored = 0.4, data = 0.1, prose = 0.2;
  double type_declarations = 0.7;  // .d.ts, .pyi
  double reexports = 0.5;          // files that only pass names on
  double further_chunk = 0.5;      // each further chunk of one file
  double many_hits = 0.0;          // a file's other chunks, as a share of their scores
};

}  // namespace mira::code
