// Every constant of the ranking, by name. Chosen on 150 labelled queries over eight
// repositories, 600 commit subjects over three and 29 issue reports over six, never on a single query; each
// boost has a test that shows what it buys. Scores order one answer, nothing else.
#pragma once

namespace mira::code {

struct RankWeights {
  // Occurrences of a word count by the field they stand in ...
  double name = 4.0, signature = 1.0, doc = 1.5, body = 1.0;
  double length_share = 0.6;  // how far a long body lowers a word's count (BM25's b)
  double saturation = 1.2;    // occurrences that reach half of a word's worth (BM25's k1)
  double part = 0.7;          // a part of an identifier of the query, against the whole of it
  // ... a file answers for all its chunks together and for its path.
  double file_saturation = 3.0;
  double file_share = 0.4, path_words = 1.5;
  double path_stem = 1.0, path_folder = 0.6;
  double other_chunks = 1.5;  // x its next best chunks, each half as much as the one before
  // Added in units of the answer's best score.
  double asked_definition = 2.0;      // defines the symbol that is the whole query
  double mentioned_definition = 0.1;  // defines a symbol mentioned in a sentence
  double named_path = 2.0;            // is named in the query
  double stem_recall = 0.6;           // x share of the query's worth that the file's name answers to
  double stem_both = 0.6;             // the same x share of the name that the query answers to
  double name_recall = 0.6;           // x share of the query's worth in a name made of nothing but its words
  double name_agreement = 0.15;       // x how far the name of one of its definitions is the query
  double touched = 0.35;              // x its share in the commits worded like the query
  // What is close in meaning is joined by rank: the order of the words counts 1, that of meaning this.
  double meaning = 0.5;
  double close = 0.8;       // x how close in meaning a chunk is: which passage of a file comes first
  double chunk_name = 1.0;  // x how far a chunk's name is the query: which passage of a file comes first
  // Shares of a definition's boost.
  double declaration = 0.5;  // it has no body, and others have
  double other_scope = 0.5;  // stands in another scope than the one written
  double capitalised = 0.5;  // the mention is only a word with a capital
  // Factors on a chunk by its place, unless the query asks for such places.
  double test = 0.2, example = 0.3, generated = 0.3, vendored = 0.4, data = 0.1, prose = 0.2;
  double type_declarations = 0.7;  // .d.ts, .pyi
  double header = 0.6;             // where the answer has sources too
  double other_system = 0.6;       // written for an operating system that is not this one
  double old_version = 0.6;        // in a folder v3 whose neighbour is v4
  double further_chunk = 0.5;      // each further chunk of one file
};

}  // namespace mira::code
