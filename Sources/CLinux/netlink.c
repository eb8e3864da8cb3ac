#include "netlink.h"

#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

int clinux_netlink_open(
    int namespace_descriptor, int protocol, int receive_buffer_bytes, int64_t timeout_microseconds) {
  if (timeout_microseconds < 0) return -EINVAL;
  int descriptor = clinux_namespace_socket(namespace_descriptor, AF_NETLINK, SOCK_RAW, protocol);
  if (descriptor < 0) return descriptor;
  int status = clinux_diag_prepare(descriptor, receive_buffer_bytes, timeout_microseconds);
  if (status < 0) {
    close(descriptor);
    return status;
  }
  return descriptor;
}

int clinux_diag_join_closings(int descriptor) {
  static const int groups[] = {SKNLGRP_INET_TCP_DESTROY, SKNLGRP_INET6_TCP_DESTROY};
  for (size_t i = 0; i < sizeof groups / sizeof groups[0]; i++) {
    if (setsockopt(descriptor, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, &groups[i], sizeof groups[i]) < 0) return -errno;
  }
  return 0;
}

static int send_all(int descriptor, const void *request, size_t length) {
  ssize_t sent;
  do {
    sent = send(descriptor, request, length, MSG_NOSIGNAL);
  } while (sent < 0 && errno == EINTR);
  return sent < 0 ? -errno : 0;
}

/* Receives until a datagram begins with the sequence number. What an earlier question left unread is passed over; as
 * the kernel answers inside of the send, only that can come first. */
static int64_t receive_answer(int descriptor, uint32_t sequence, void *answer, size_t capacity) {
  if (capacity < sizeof(struct nlmsghdr)) return -EINVAL;
  /* A bound on what may be passed over, so that no flood holds the caller. */
  for (int i = 0; i < 64; i++) {
    ssize_t length = recv(descriptor, answer, capacity, MSG_TRUNC);
    if (length < 0) {
      if (errno == EINTR) continue;
      return -errno;
    }
    if ((size_t)length > capacity) return -EMSGSIZE;
    struct nlmsghdr header;
    if ((size_t)length < sizeof header) return -EBADMSG;
    memcpy(&header, answer, sizeof header);
    if (header.nlmsg_seq == sequence) return length;
  }
  return -ETIMEDOUT;
}

int64_t clinux_netlink_ask(
    int descriptor, uint32_t sequence, const void *request, size_t request_bytes, void *answer, size_t capacity) {
  int status = send_all(descriptor, request, request_bytes);
  return status < 0 ? status : receive_answer(descriptor, sequence, answer, capacity);
}

int64_t clinux_diag_ask(
    int descriptor, uint32_t sequence, int destroy, uint8_t family, const struct inet_diag_sockid *id, void *answer,
    size_t capacity) {
  struct {
    struct nlmsghdr header;
    struct inet_diag_req_v2 body;
  } request = {
      .header =
          {
              .nlmsg_len = sizeof request,
              .nlmsg_type = destroy ? SOCK_DESTROY : SOCK_DIAG_BY_FAMILY,
              /* A closing is answered only when an acknowledgement is asked for, a look-up always. */
              .nlmsg_flags = NLM_F_REQUEST | (destroy ? NLM_F_ACK : 0),
              .nlmsg_seq = sequence,
          },
      .body =
          {
              .sdiag_family = family,
              .sdiag_protocol = IPPROTO_TCP,
              .idiag_ext = 1 << (INET_DIAG_INFO - 1),
              .idiag_states = UINT32_MAX,
              .id = *id,
          },
  };
  return clinux_netlink_ask(descriptor, sequence, &request, sizeof request, answer, capacity);
}
