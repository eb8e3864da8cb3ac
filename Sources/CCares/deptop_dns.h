#ifndef DEPTOP_DNS_INTERNAL_H
#define DEPTOP_DNS_INTERNAL_H

#include <ares.h>

#include "CCares.h"

/// The most that is kept of the reason why a socket could not be opened, with its final zero byte.
enum { reason_size = 256 };

/// One server, asked from one place, with a channel of its own, so that what happens to it is never another server's
/// trouble.
struct server {
  struct server *next;
  struct deptop_dns *dns;
  ares_channel channel;
  /// The last error of a socket call; c-ares itself forgets which one it was.
  int system_error;
  /// 0 for the caller's own.
  uint32_t place;
  /// Why its place gives no socket; empty as long as it does.
  char reason[reason_size];
  char text[];
};

/// One question: allocated when it is asked, so that its end can always be reported.
struct question {
  struct question *next;
  struct server *server;
  struct deptop_dns_reply reply;
  deptop_dns_record record;
  uint8_t *addresses;
  char *names;
  /// True once it was sent again because the server does not understand EDNS.
  bool is_repeated;
  char name[];
};

struct deptop_dns {
  struct server *servers;
  size_t server_count;
  /// Ended and not yet reported, oldest first.
  struct question *ended;
  struct question **ended_tail;
  /// The question of the last reply.
  struct question *reported;
  size_t under_way;
  int retry_milliseconds;
  /// Opens the sockets of other places; NULL when there are none.
  deptop_dns_open open;
  void *open_context;
  /// What cancelled questions are reported as.
  deptop_dns_outcome giving_up_as;
  int giving_up_error;
};

/// The socket calls that c-ares is to use.
extern const struct ares_socket_functions deptop_dns_socket_functions;

/// Hands a question to c-ares.
void deptop_dns_send(struct question *question);

/// Takes the end of a question from c-ares.
void deptop_dns_answered(void *context, int status, int timeouts, unsigned char *message, int length);

/// Takes the names of a reverse question, and their smallest TTL, from an answer; a status of c-ares.
int deptop_dns_parse_names(struct question *question, const unsigned char *message, int length);

#endif
