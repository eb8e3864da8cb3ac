#ifndef DEPTOP_CINFLATE_H
#define DEPTOP_CINFLATE_H

#include <stddef.h>
#include <stdint.h>

enum deptop_inflate_result {
  DEPTOP_INFLATE_DONE = 0,
  /* Neither a gzip nor a zlib stream, or a damaged one. */
  DEPTOP_INFLATE_INVALID = 1,
  /* The stream goes on beyond the input. */
  DEPTOP_INFLATE_TRUNCATED = 2,
  /* The output does not fit into the capacity. */
  DEPTOP_INFLATE_TOO_LARGE = 3,
  /* No memory for the decoder. */
  DEPTOP_INFLATE_NO_MEMORY = 4,
};

/* A decoder of gzip and zlib streams, which keeps its input's place between calls. */
struct deptop_inflater;

/* Answers NULL when there is no memory. The input has to stay where it is until deptop_inflater_free. */
struct deptop_inflater *deptop_inflater_make(const uint8_t *input, size_t length);

/*
 * Writes at most capacity bytes and sets *written. DONE: the streams are complete and all input was used; a gzip
 * file may hold several streams one after another. TOO_LARGE: the output is full, and more is to come.
 */
enum deptop_inflate_result deptop_inflater_next(
  struct deptop_inflater *inflater, uint8_t *output, size_t capacity, size_t *written);

void deptop_inflater_free(struct deptop_inflater *inflater);

#endif
