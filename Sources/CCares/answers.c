#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "deptop_dns.h"

// A resource record takes at least this much of a message: a compressed name, its fixed fields, an IPv4 address.
enum { smallest_record = 16 };

static void append(struct question *question, const void *address, int ttl) {
  struct deptop_dns_reply *reply = &question->reply;
  memcpy(question->addresses + reply->address_count * reply->address_size, address, reply->address_size);
  uint32_t seconds = ttl > 0 ? (uint32_t)ttl : 0;
  if (reply->address_count == 0 || seconds < reply->ttl_seconds) {
    reply->ttl_seconds = seconds;
  }
  reply->address_count++;
}

static int parse_four(struct question *question, const unsigned char *message, int length, int capacity) {
  struct ares_addrttl *records = calloc((size_t)capacity, sizeof *records);
  if (records == NULL) {
    return ARES_ENOMEM;
  }
  int count = capacity;
  int status = ares_parse_a_reply(message, length, NULL, records, &count);
  for (int index = 0; status == ARES_SUCCESS && index < count; index++) {
    append(question, &records[index].ipaddr, records[index].ttl);
  }
  free(records);
  return status;
}

static int parse_six(struct question *question, const unsigned char *message, int length, int capacity) {
  struct ares_addr6ttl *records = calloc((size_t)capacity, sizeof *records);
  if (records == NULL) {
    return ARES_ENOMEM;
  }
  int count = capacity;
  int status = ares_parse_aaaa_reply(message, length, NULL, records, &count);
  for (int index = 0; status == ARES_SUCCESS && index < count; index++) {
    append(question, &records[index].ip6addr, records[index].ttl);
  }
  free(records);
  return status;
}

// c-ares gives each address the smallest TTL of the aliases before it and of its own record.
static int parse_addresses(struct question *question, const unsigned char *message, int length) {
  int capacity = length / smallest_record + 1;
  question->addresses = malloc((size_t)capacity * question->reply.address_size);
  if (question->addresses == NULL) {
    return ARES_ENOMEM;
  }
  int status = question->reply.address_size == sizeof(struct in_addr)
                   ? parse_four(question, message, length, capacity)
                   : parse_six(question, message, length, capacity);
  question->reply.addresses = question->addresses;
  return status == ARES_SUCCESS && question->reply.address_count == 0 ? ARES_ENODATA : status;
}

static int parse(struct question *question, const unsigned char *message, int length) {
  return question->record == deptop_dns_record_ptr ? deptop_dns_parse_names(question, message, length)
                                                   : parse_addresses(question, message, length);
}

static const char *text_of(int status) {
  switch (status) {
  case ARES_EREFUSED:
    return "refused";
  case ARES_ESERVFAIL:
    return "server failure";
  case ARES_ENOTIMP:
    return "not implemented by the server";
  case ARES_EFORMERR:
    return "the server calls the question malformed";
  case ARES_EBADRESP:
    return "unusable answer";
  case ARES_EBADNAME:
    return "not a host name";
  default:
    return ares_strerror(status);
  }
}

static deptop_dns_outcome outcome_of(int status, const struct deptop_dns *dns) {
  switch (status) {
  case ARES_SUCCESS:
    return deptop_dns_addresses;
  case ARES_ENOTFOUND:
    return deptop_dns_no_such_name;
  case ARES_ENODATA:
    return deptop_dns_no_address;
  case ARES_ETIMEOUT:
    return deptop_dns_timed_out;
  case ARES_ECANCELLED:
  case ARES_EDESTRUCTION:
    return dns->giving_up_as;
  case ARES_ECONNREFUSED:
  case ARES_EFILE:
  case ARES_ENOMEM:
    return deptop_dns_unreachable;
  default:
    return deptop_dns_error_answer;
  }
}

void deptop_dns_answered(void *context, int status, int timeouts, unsigned char *message, int length) {
  struct question *question = context;
  struct deptop_dns *dns = question->server->dns;
  if (status == ARES_EFORMERR && !question->is_repeated) {
    // The first such answer makes c-ares do without EDNS, but only for the question that it belongs to.
    question->is_repeated = true;
    deptop_dns_send(question);
    return;
  }
  if (status == ARES_SUCCESS) {
    // c-ares takes a response code that it does not know for a success without records.
    bool is_error = length < 4 || (message[3] & 0x0f) != 0;
    status = is_error ? ARES_EBADRESP : parse(question, message, length);
  }
  struct deptop_dns_reply *reply = &question->reply;
  reply->outcome = outcome_of(status, dns);
  reply->timeouts = timeouts;
  reply->text = text_of(status);
  if (status == ARES_ECONNREFUSED && question->server->reason[0] != 0) {
    reply->reason = question->server->reason;
  } else if (status == ARES_ECONNREFUSED) {
    reply->system_error = question->server->system_error;
  } else if (status == ARES_ECANCELLED) {
    reply->system_error = dns->giving_up_error;
  }
  *dns->ended_tail = question;
  dns->ended_tail = &question->next;
  dns->under_way--;
}
