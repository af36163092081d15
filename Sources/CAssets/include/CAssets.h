#ifndef LARDER_CASSETS_H
#define LARDER_CASSETS_H

#include <stddef.h>

/// A file that is part of the program.
typedef struct {
  /// Below Sources/JavaScript; `console/…` for those of Sources/Console.
  const char *path;
  const unsigned char *bytes;
  size_t count;
} larder_asset;

/// How many files there are.
size_t larder_asset_count(void);

/// The file at `index`, below the count: of the host library for pages, what the gateway makes entries
/// of, or the console.
larder_asset larder_asset_at(size_t index);

#endif
