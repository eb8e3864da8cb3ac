#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include "deptop_dns.h"

// c-ares' own calls raise SIGPIPE when a server closes a TCP connection, and tell neither which error
// stopped a question nor that a socket must not leak into a child process.

static int remember(struct server *server, ssize_t result) {
  if (result < 0 && errno != EAGAIN && errno != EWOULDBLOCK && errno != EINPROGRESS && errno != EINTR) {
    server->system_error = errno;
  }
  return result < 0 ? -1 : 0;
}

static int open_here(int family, int type, int protocol) {
  return socket(family, type | SOCK_NONBLOCK | SOCK_CLOEXEC, protocol);
}

// A descriptor from elsewhere comes in any mode, and c-ares must never wait on it.
static int make_nonblocking(int descriptor) {
  int flags = fcntl(descriptor, F_GETFL);
  if (flags < 0 || fcntl(descriptor, F_SETFL, flags | O_NONBLOCK) < 0 || fcntl(descriptor, F_SETFD, FD_CLOEXEC) < 0) {
    int error = errno;
    close(descriptor);
    errno = error;
    return -1;
  }
  return descriptor;
}

// c-ares asks for a socket again at once, as often as it may try: what failed once is not asked for again.
static int open_there(struct server *server, int family, int type) {
  struct deptop_dns *dns = server->dns;
  if (dns->open == NULL || server->reason[0] != 0) {
    errno = ENETUNREACH;
    return -1;
  }
  int descriptor =
      dns->open(dns->open_context, server->place, family == AF_INET6, type == SOCK_STREAM, server->reason, reason_size);
  if (descriptor < 0) {
    errno = ENETUNREACH;
    return -1;
  }
  server->reason[0] = 0;
  return make_nonblocking(descriptor);
}

static ares_socket_t open_socket(int family, int type, int protocol, void *context) {
  struct server *server = context;
  int descriptor = server->place == 0 ? open_here(family, type, protocol) : open_there(server, family, type);
  remember(server, descriptor);
  return descriptor;
}

static int close_socket(ares_socket_t descriptor, void *context) {
  (void)context;
  return close(descriptor);
}

static int connect_socket(ares_socket_t descriptor, const struct sockaddr *address, ares_socklen_t length,
                          void *context) {
  return remember(context, connect(descriptor, address, length));
}

static ares_ssize_t receive(ares_socket_t descriptor, void *buffer, size_t size, int flags, struct sockaddr *from,
                            ares_socklen_t *length, void *context) {
  ares_ssize_t received = recvfrom(descriptor, buffer, size, flags, from, length);
  remember(context, received);
  return received;
}

static ares_ssize_t send_parts(ares_socket_t descriptor, const struct iovec *parts, int count, void *context) {
  struct msghdr message = {.msg_iov = (struct iovec *)parts, .msg_iovlen = (size_t)count};
  ares_ssize_t sent = sendmsg(descriptor, &message, MSG_NOSIGNAL);
  remember(context, sent);
  return sent;
}

const struct ares_socket_functions deptop_dns_socket_functions = {
    .asocket = open_socket,
    .aclose = close_socket,
    .aconnect = connect_socket,
    .arecvfrom = receive,
    .asendv = send_parts,
};
