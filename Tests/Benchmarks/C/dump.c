#include "CBenchmarks.h"

#include <errno.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { ALL_STATES = 0xfff };

static int request(int descriptor, uint8_t family) {
  struct {
    struct nlmsghdr header;
    struct inet_diag_req_v2 body;
  } message;
  memset(&message, 0, sizeof message);
  message.header.nlmsg_len = sizeof message;
  message.header.nlmsg_type = SOCK_DIAG_BY_FAMILY;
  message.header.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
  message.body.sdiag_family = family;
  message.body.sdiag_protocol = IPPROTO_TCP;
  message.body.idiag_ext = 1 << (INET_DIAG_INFO - 1);
  message.body.idiag_states = ALL_STATES;
  return send(descriptor, &message, sizeof message, 0) < 0 ? -errno : 0;
}

/* Answers 1 at the end of the dump, 0 before it, or a negated errno. */
static int count(const void *datagram, size_t length, struct cbench_dump *dump) {
  const struct nlmsghdr *header = datagram;
  for (unsigned left = length; NLMSG_OK(header, left); header = NLMSG_NEXT(header, left)) {
    if (header->nlmsg_type == NLMSG_DONE) return 1;
    if (header->nlmsg_type == NLMSG_ERROR) {
      const struct nlmsgerr *error = NLMSG_DATA(header);
      return error->error < 0 ? error->error : -EPROTO;
    }
    dump->sockets++;
  }
  return 0;
}

static int receive(int descriptor, void *buffer, size_t buffer_bytes, struct cbench_dump *dump) {
  for (;;) {
    ssize_t length = recv(descriptor, buffer, buffer_bytes, 0);
    if (length < 0 && errno == EINTR) continue;
    if (length < 0) return -errno;
    dump->datagrams++;
    dump->bytes += length;
    int status = count(buffer, length, dump);
    if (status != 0) return status < 0 ? status : 0;
  }
}

int cbench_dump_tcp(void *buffer, size_t buffer_bytes, struct cbench_dump *dump) {
  static const uint8_t families[] = {AF_INET, AF_INET6};
  int descriptor = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_SOCK_DIAG);
  if (descriptor < 0) return -errno;
  int status = 0;
  for (size_t i = 0; i < sizeof families && status == 0; i++) {
    status = request(descriptor, families[i]);
    if (status == 0) status = receive(descriptor, buffer, buffer_bytes, dump);
  }
  close(descriptor);
  return status;
}
