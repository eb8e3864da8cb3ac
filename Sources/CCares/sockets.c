#define _GNU_SOURCE
#include <errno.h>
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

static ares_socket_t open_socket(int family, int type, int protocol, void *context) {
  int descriptor = socket(family, type | SOCK_NONBLOCK | SOCK_CLOEXEC, protocol);
  remember(context, descriptor);
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
