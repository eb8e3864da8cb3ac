#include "CInflate.h"

#include <limits.h>
#include <stdlib.h>
#include <zlib.h>

struct deptop_inflater {
  z_stream stream;
  const uint8_t *input;
  size_t left;
};

struct deptop_inflater *deptop_inflater_make(const uint8_t *input, size_t length) {
  struct deptop_inflater *inflater = calloc(1, sizeof *inflater);
  if (inflater == NULL) return NULL;
  inflater->input = input;
  inflater->left = length;
  /* 32 is added to the window bits to accept both headers (zlib.h, inflateInit2). */
  if (inflateInit2(&inflater->stream, 15 + 32) != Z_OK) {
    free(inflater);
    return NULL;
  }
  return inflater;
}

static void feed(struct deptop_inflater *inflater) {
  if (inflater->stream.avail_in > 0 || inflater->left == 0) return;
  size_t part = inflater->left < UINT_MAX ? inflater->left : UINT_MAX;
  inflater->stream.next_in = (z_const Bytef *)inflater->input;
  inflater->stream.avail_in = (uInt)part;
  inflater->input += part;
  inflater->left -= part;
}

/* One step; *finished is set at the end of the last stream. */
static enum deptop_inflate_result step(struct deptop_inflater *inflater, int *finished) {
  feed(inflater);
  switch (inflate(&inflater->stream, Z_NO_FLUSH)) {
    case Z_OK:
      return DEPTOP_INFLATE_DONE;
    case Z_STREAM_END:
      *finished = inflater->stream.avail_in == 0 && inflater->left == 0;
      if (*finished) return DEPTOP_INFLATE_DONE;
      return inflateReset(&inflater->stream) == Z_OK ? DEPTOP_INFLATE_DONE : DEPTOP_INFLATE_INVALID;
    case Z_BUF_ERROR:
      return inflater->stream.avail_out == 0 ? DEPTOP_INFLATE_DONE : DEPTOP_INFLATE_TRUNCATED;
    case Z_MEM_ERROR:
      return DEPTOP_INFLATE_NO_MEMORY;
    default:
      return DEPTOP_INFLATE_INVALID;
  }
}

enum deptop_inflate_result deptop_inflater_next(
  struct deptop_inflater *inflater, uint8_t *output, size_t capacity, size_t *written) {
  uInt part = (uInt)(capacity < UINT_MAX ? capacity : UINT_MAX);
  inflater->stream.next_out = output;
  inflater->stream.avail_out = part;
  enum deptop_inflate_result result = DEPTOP_INFLATE_DONE;
  int finished = 0;
  while (!finished && result == DEPTOP_INFLATE_DONE && inflater->stream.avail_out > 0) {
    result = step(inflater, &finished);
  }
  *written = part - inflater->stream.avail_out;
  if (result != DEPTOP_INFLATE_DONE) return result;
  return finished ? DEPTOP_INFLATE_DONE : DEPTOP_INFLATE_TOO_LARGE;
}

void deptop_inflater_free(struct deptop_inflater *inflater) {
  inflateEnd(&inflater->stream);
  free(inflater);
}
