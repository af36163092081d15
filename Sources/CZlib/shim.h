#include <zlib.h>

// zlib's are macros. 15 bits of window, and 16 for gzip's frame around it (RFC 1952).
static inline int larder_gzip_begin(z_stream *stream, int level) {
  return deflateInit2(stream, level, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
}

static inline int larder_gunzip_begin(z_stream *stream) { return inflateInit2(stream, 15 + 16); }
