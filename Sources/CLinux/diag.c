#include "CLinux.h"

#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <unistd.h>

int clinux_diag_prepare(int descriptor, int receive_buffer_bytes, int64_t timeout_microseconds) {
  const struct timeval timeout = {
      .tv_sec = timeout_microseconds / 1000000,
      .tv_usec = timeout_microseconds % 1000000,
  };
  /* Connected to port 0, the kernel, so that no other process can put a message into the buffer. */
  const struct sockaddr_nl kernel = {.nl_family = AF_NETLINK};

  if (setsockopt(descriptor, SOL_SOCKET, SO_RCVBUFFORCE, &receive_buffer_bytes, sizeof receive_buffer_bytes) < 0 &&
      setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &receive_buffer_bytes, sizeof receive_buffer_bytes) < 0) {
    return -errno;
  }
  /* A timeout of 0 means none at all. */
  if (setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof timeout) < 0) return -errno;
  if (connect(descriptor, (const struct sockaddr *)&kernel, sizeof kernel) < 0) return -errno;
  return 0;
}

int clinux_diag_open(int receive_buffer_bytes, int64_t timeout_microseconds) {
  if (timeout_microseconds <= 0) return -EINVAL;
  int descriptor = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_SOCK_DIAG);
  if (descriptor < 0) return -errno;
  int status = clinux_diag_prepare(descriptor, receive_buffer_bytes, timeout_microseconds);
  if (status < 0) {
    close(descriptor);
    return status;
  }
  return descriptor;
}

/* Writes the body of a request; returns its length. */
static size_t fill(void *body, uint8_t family, uint32_t states, uint8_t extensions) {
  if (family == AF_UNSPEC) {
    const struct inet_diag_req request = {
        .idiag_family = AF_INET,
        .idiag_ext = extensions,
        .idiag_states = states,
    };
    memcpy(body, &request, sizeof request);
    return sizeof request;
  }
  const struct inet_diag_req_v2 request = {
      .sdiag_family = family,
      .sdiag_protocol = IPPROTO_TCP,
      .idiag_ext = extensions,
      .idiag_states = states,
  };
  memcpy(body, &request, sizeof request);
  return sizeof request;
}

int clinux_diag_dump_tcp(
    int descriptor, uint32_t sequence, uint8_t family, uint32_t states, uint8_t extensions, const void *filter,
    size_t filter_bytes) {
  /* The length of an attribute has 16 bits. */
  if (filter_bytes > UINT16_MAX - NLA_HDRLEN) return -E2BIG;
  char body[sizeof(struct inet_diag_req)];
  char padding[NLA_ALIGNTO] = {0};
  struct nlmsghdr header = {
      .nlmsg_type = family == AF_UNSPEC ? TCPDIAG_GETSOCK : SOCK_DIAG_BY_FAMILY,
      .nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP,
      .nlmsg_seq = sequence,
  };
  struct nlattr attribute = {.nla_type = INET_DIAG_REQ_BYTECODE, .nla_len = NLA_HDRLEN + filter_bytes};
  struct iovec parts[] = {
      {.iov_base = &header, .iov_len = sizeof header},
      {.iov_base = body, .iov_len = fill(body, family, states, extensions)},
      {.iov_base = &attribute, .iov_len = sizeof attribute},
      {.iov_base = (void *)filter, .iov_len = filter_bytes},
      {.iov_base = padding, .iov_len = NLA_ALIGN(filter_bytes) - filter_bytes},
  };
  const struct msghdr message = {.msg_iov = parts, .msg_iovlen = filter_bytes == 0 ? 2 : 5};
  for (size_t i = 0; i < message.msg_iovlen; i++) header.nlmsg_len += parts[i].iov_len;

  ssize_t sent;
  do {
    sent = sendmsg(descriptor, &message, MSG_NOSIGNAL);
  } while (sent < 0 && errno == EINTR);
  return sent < 0 ? -errno : 0;
}
