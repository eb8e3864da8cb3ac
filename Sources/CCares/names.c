#include <stdlib.h>
#include <string.h>

#include "deptop_dns.h"

enum {
  header_size = 12,
  /// Type and class after the name of a question; type, class, TTL and length after that of a record.
  question_fields = 4,
  record_fields = 10,
  pointer_type = 12,
  /// More names of one address are of no use to anyone.
  most_names = 16,
};

/// A message, and how far it is read.
struct reader {
  const unsigned char *message;
  int length;
  int position;
};

static unsigned number_at(const struct reader *reader, int position) {
  return (unsigned)reader->message[position] << 8 | reader->message[position + 1];
}

// The text is the caller's to free, with ares_free_string.
static int read_name(struct reader *reader, char **text) {
  long encoded = 0;
  *text = NULL;
  if (reader->position >= reader->length) {
    return ARES_EBADRESP;
  }
  int status = ares_expand_name(reader->message + reader->position, reader->message, reader->length, text, &encoded);
  if (status == ARES_SUCCESS) {
    reader->position += (int)encoded;
  }
  return status;
}

static int skip_name(struct reader *reader, int fields) {
  char *text;
  int status = read_name(reader, &text);
  if (status != ARES_SUCCESS) {
    return status;
  }
  ares_free_string(text);
  return reader->length - reader->position < fields ? ARES_EBADRESP : ARES_SUCCESS;
}

static int append_name(struct question *question, size_t *used, struct reader reader) {
  char *text;
  int status = read_name(&reader, &text);
  if (status != ARES_SUCCESS) {
    return status;
  }
  size_t size = strlen(text) + 1;
  char *names = realloc(question->names, *used + size);
  if (names == NULL) {
    status = ARES_ENOMEM;
  } else {
    memcpy(names + *used, text, size);
    *used += size;
    question->names = names;
    question->reply.name_count++;
  }
  ares_free_string(text);
  return status;
}

// The aliases on the way (RFC 2317) count for the TTL only.
static int read_record(struct question *question, size_t *used, struct reader *reader, uint32_t *smallest) {
  int status = skip_name(reader, record_fields);
  if (status != ARES_SUCCESS) {
    return status;
  }
  unsigned type = number_at(reader, reader->position);
  uint32_t ttl = (uint32_t)number_at(reader, reader->position + 4) << 16 | number_at(reader, reader->position + 6);
  int size = (int)number_at(reader, reader->position + 8);
  reader->position += record_fields;
  if (size > reader->length - reader->position) {
    return ARES_EBADRESP;
  }
  // RFC 2181, section 8: a TTL with the highest bit set counts as 0.
  ttl = ttl > INT32_MAX ? 0 : ttl;
  *smallest = ttl < *smallest ? ttl : *smallest;
  bool is_wanted = type == pointer_type && question->reply.name_count < most_names;
  status = is_wanted ? append_name(question, used, *reader) : ARES_SUCCESS;
  reader->position += size;
  return status;
}

int deptop_dns_parse_names(struct question *question, const unsigned char *message, int length) {
  struct reader reader = {.message = message, .length = length, .position = header_size};
  if (length < header_size) {
    return ARES_EBADRESP;
  }
  // A question that is sent once more may have been answered before.
  free(question->names);
  question->names = NULL;
  question->reply.name_count = 0;
  int status = ARES_SUCCESS;
  for (unsigned left = number_at(&reader, 4); left > 0 && status == ARES_SUCCESS; left--) {
    status = skip_name(&reader, question_fields);
    reader.position += question_fields;
  }
  size_t used = 0;
  uint32_t smallest = UINT32_MAX;
  for (unsigned left = number_at(&reader, 6); left > 0 && status == ARES_SUCCESS; left--) {
    status = read_record(question, &used, &reader, &smallest);
  }
  question->reply.names = question->names;
  question->reply.ttl_seconds = question->reply.name_count > 0 ? smallest : 0;
  return status == ARES_SUCCESS && question->reply.name_count == 0 ? ARES_ENODATA : status;
}
