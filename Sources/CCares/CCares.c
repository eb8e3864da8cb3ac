#define _GNU_SOURCE
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "deptop_dns.h"

// A larger UDP answer is cut off by the server and asked for again over TCP: the size that passes every
// path without fragments.
enum { largest_datagram = 1232 };

// A channel has one UDP and one TCP socket for its one server; a second pair leaves room for a change of them.
enum { sockets_of_a_server = 4 };

static int library_status;

static void initialize_library(void) { library_status = ares_library_init(ARES_LIB_INIT_ALL); }

struct deptop_dns *deptop_dns_create(int32_t retry_milliseconds, deptop_dns_open open, void *context) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, initialize_library);
  struct deptop_dns *dns = library_status == ARES_SUCCESS ? calloc(1, sizeof *dns) : NULL;
  if (dns != NULL) {
    dns->ended_tail = &dns->ended;
    dns->retry_milliseconds = retry_milliseconds;
    dns->open = open;
    dns->open_context = context;
    dns->giving_up_as = deptop_dns_interrupted;
  }
  return dns;
}

static void free_question(struct question *question) {
  if (question != NULL) {
    free(question->addresses);
    free(question->names);
    free(question);
  }
}

static struct question *take_ended(struct deptop_dns *dns) {
  struct question *question = dns->ended;
  if (question != NULL) {
    dns->ended = question->next;
    if (dns->ended == NULL) {
      dns->ended_tail = &dns->ended;
    }
  }
  return question;
}

void deptop_dns_destroy(struct deptop_dns *dns) {
  for (struct server *server = dns->servers; server != NULL;) {
    struct server *next = server->next;
    ares_destroy(server->channel);
    free(server);
    server = next;
  }
  for (struct question *question; (question = take_ended(dns)) != NULL;) {
    free_question(question);
  }
  free_question(dns->reported);
  free(dns);
}

// More tries than fit into the time allowed: the deadline of `deptop_dns_next` ends a question, not c-ares.
// An error answer is taken as it is: c-ares would ask for it again and then forget which error it was.
static int open_channel(struct server *server) {
  struct ares_options options = {
      .flags = ARES_FLAG_EDNS | ARES_FLAG_NOSEARCH | ARES_FLAG_NOALIASES | ARES_FLAG_NOCHECKRESP,
      .timeout = server->dns->retry_milliseconds,
      .tries = 4,
      .ednspsz = largest_datagram,
      .lookups = "b",
      .resolvconf_path = "/dev/null",
  };
  int mask = ARES_OPT_FLAGS | ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES | ARES_OPT_EDNSPSZ | ARES_OPT_LOOKUPS |
             ARES_OPT_RESOLVCONF;
  int status = ares_init_options(&server->channel, &options, mask);
  if (status != ARES_SUCCESS) {
    return status;
  }
  ares_set_socket_functions(server->channel, &deptop_dns_socket_functions, server);
  status = ares_set_servers_ports_csv(server->channel, server->text);
  if (status != ARES_SUCCESS) {
    ares_destroy(server->channel);
  }
  return status;
}

static struct server *server_for(struct deptop_dns *dns, const char *text, uint32_t place) {
  for (struct server *server = dns->servers; server != NULL; server = server->next) {
    if (server->place == place && strcmp(server->text, text) == 0) {
      return server;
    }
  }
  size_t size = strlen(text) + 1;
  struct server *server = calloc(1, sizeof *server + size);
  if (server == NULL) {
    return NULL;
  }
  memcpy(server->text, text, size);
  server->dns = dns;
  server->place = place;
  if (open_channel(server) != ARES_SUCCESS) {
    free(server);
    return NULL;
  }
  server->next = dns->servers;
  dns->servers = server;
  dns->server_count++;
  return server;
}

static int type_of(deptop_dns_record record) {
  switch (record) {
  case deptop_dns_record_a:
    return 1;
  case deptop_dns_record_aaaa:
    return 28;
  case deptop_dns_record_ptr:
    return 12;
  }
}

static size_t address_size_of(deptop_dns_record record) {
  switch (record) {
  case deptop_dns_record_a:
    return 4;
  case deptop_dns_record_aaaa:
    return 16;
  case deptop_dns_record_ptr:
    return 0;
  }
}

void deptop_dns_send(struct question *question) {
  ares_query(question->server->channel, question->name, 1 /* IN */, type_of(question->record), deptop_dns_answered,
             question);
}

bool deptop_dns_ask(struct deptop_dns *dns, const char *server, uint32_t place, const char *name,
                    deptop_dns_record record, uint32_t number) {
  struct server *asked = server_for(dns, server, place);
  size_t size = strlen(name) + 1;
  struct question *question = asked != NULL ? calloc(1, sizeof *question + size) : NULL;
  if (question == NULL) {
    return false;
  }
  memcpy(question->name, name, size);
  question->server = asked;
  question->record = record;
  question->reply.question = number;
  question->reply.address_size = address_size_of(record);
  dns->under_way++;
  deptop_dns_send(question);
  return true;
}

static void give_up(struct deptop_dns *dns, deptop_dns_outcome outcome, int error) {
  dns->giving_up_as = outcome;
  dns->giving_up_error = error;
  for (struct server *server = dns->servers; server != NULL; server = server->next) {
    ares_cancel(server->channel);
  }
}

static int64_t nanoseconds_until(int64_t deadline) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return deadline - ((int64_t)now.tv_sec * 1000000000 + now.tv_nsec);
}

// Never later than the next retransmission that c-ares wants to make.
static struct timespec pause_before(const struct deptop_dns *dns, int64_t nanoseconds) {
  for (const struct server *server = dns->servers; server != NULL; server = server->next) {
    struct timeval buffer;
    struct timeval *next = ares_timeout(server->channel, NULL, &buffer);
    if (next != NULL) {
      int64_t until = (int64_t)next->tv_sec * 1000000000 + (int64_t)next->tv_usec * 1000;
      nanoseconds = until < nanoseconds ? until : nanoseconds;
    }
  }
  nanoseconds = nanoseconds < 0 ? 0 : nanoseconds;
  return (struct timespec){.tv_sec = nanoseconds / 1000000000, .tv_nsec = nanoseconds % 1000000000};
}

// Fills one entry for each possible socket, `sockets_of_a_server` for each server.
static void list_sockets(const struct deptop_dns *dns, struct pollfd *entries) {
  for (const struct server *server = dns->servers; server != NULL; server = server->next) {
    ares_socket_t sockets[sockets_of_a_server];
    int wanted = ares_getsock(server->channel, sockets, sockets_of_a_server);
    for (int index = 0; index < sockets_of_a_server; index++, entries++) {
      bool reads = ARES_GETSOCK_READABLE((unsigned)wanted, index);
      bool writes = ARES_GETSOCK_WRITABLE((unsigned)wanted, index);
      entries->fd = reads || writes ? sockets[index] : -1;
      entries->events = (short)((reads ? POLLIN : 0) | (writes ? POLLOUT : 0));
      entries->revents = 0;
    }
  }
}

static void process(struct deptop_dns *dns, const struct pollfd *entries) {
  for (struct server *server = dns->servers; server != NULL; server = server->next) {
    for (int index = 0; index < sockets_of_a_server; index++, entries++) {
      bool failed = entries->revents & (POLLERR | POLLHUP);
      bool reads = entries->revents & POLLIN || (failed && entries->events & POLLIN);
      bool writes = entries->revents & POLLOUT || (failed && entries->events & POLLOUT);
      if (reads || writes) {
        ares_process_fd(server->channel, reads ? entries->fd : ARES_SOCKET_BAD, writes ? entries->fd : ARES_SOCKET_BAD);
      }
    }
    // Also without a ready socket: this is what sends the retransmissions that are due.
    ares_process_fd(server->channel, ARES_SOCKET_BAD, ARES_SOCKET_BAD);
  }
}

static void wait_once(struct deptop_dns *dns, int64_t nanoseconds, int interrupt_descriptor) {
  size_t sockets = dns->server_count * sockets_of_a_server;
  struct pollfd *entries = calloc(sockets + 1, sizeof *entries);
  if (entries == NULL) {
    give_up(dns, deptop_dns_unreachable, ENOMEM);
    return;
  }
  list_sockets(dns, entries);
  struct pollfd *interrupt = &entries[sockets];
  *interrupt = (struct pollfd){.fd = interrupt_descriptor, .events = POLLIN};
  struct timespec pause = pause_before(dns, nanoseconds);
  int ready = ppoll(entries, sockets + 1, &pause, NULL);
  if (ready < 0 && errno != EINTR) {
    give_up(dns, deptop_dns_unreachable, errno);
  } else if (ready > 0 && interrupt->revents != 0) {
    give_up(dns, deptop_dns_interrupted, 0);
  } else if (ready >= 0) {
    process(dns, entries);
  }
  free(entries);
}

bool deptop_dns_next(struct deptop_dns *dns, int64_t deadline_nanoseconds, int interrupt_descriptor,
                     struct deptop_dns_reply *reply) {
  free_question(dns->reported);
  dns->reported = NULL;
  while (dns->ended == NULL) {
    if (dns->under_way == 0) {
      return false;
    }
    int64_t remaining = nanoseconds_until(deadline_nanoseconds);
    if (remaining > 0) {
      wait_once(dns, remaining, interrupt_descriptor);
    } else {
      give_up(dns, deptop_dns_timed_out, 0);
    }
  }
  dns->reported = take_ended(dns);
  *reply = dns->reported->reply;
  return true;
}
