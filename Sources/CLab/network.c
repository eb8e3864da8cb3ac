#define _GNU_SOURCE
#include "CLab.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/ethtool.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_conntrack.h>
#include <linux/netlink.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <sched.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

int clab_network_new(void) {
  if (unshare(CLONE_NEWNET) < 0) return -errno;
  int descriptor = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);
  return descriptor < 0 ? -errno : descriptor;
}

static int switch_off(int descriptor, const char *device, uint32_t command) {
  struct ethtool_value value = {.cmd = command, .data = 0};
  struct ifreq request = {.ifr_data = (char *)&value};
  strncpy(request.ifr_name, device, IFNAMSIZ - 1);
  /* A device that does not have it needs nothing switched off. */
  return ioctl(descriptor, SIOCETHTOOL, &request) < 0 && errno != EOPNOTSUPP ? -errno : 0;
}

int clab_device_plain(const char *device) {
  const uint32_t commands[] = {ETHTOOL_STSO, ETHTOOL_SGSO, ETHTOOL_SGRO, ETHTOOL_STXCSUM};
  int descriptor = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (descriptor < 0) return -errno;
  int status = 0;
  for (size_t i = 0; i < sizeof commands / sizeof *commands && status == 0; i++) {
    status = switch_off(descriptor, device, commands[i]);
  }
  close(descriptor);
  return status;
}

/* The kernel's answer: 0 or the negative errno. */
static int acknowledgement(int descriptor) {
  struct {
    struct nlmsghdr header;
    struct nlmsgerr error;
    char rest[512];
  } answer;
  ssize_t length;
  do {
    length = recv(descriptor, &answer, sizeof answer, 0);
  } while (length < 0 && errno == EINTR);
  if (length < 0) return -errno;
  if (length < (ssize_t)(sizeof answer.header + sizeof answer.error.error)) return -EBADMSG;
  return answer.header.nlmsg_type == NLMSG_ERROR ? answer.error.error : -EBADMSG;
}

int clab_connections_forget(void) {
  struct {
    struct nlmsghdr header;
    struct nfgenmsg body;
  } request = {
      .header =
          {
              .nlmsg_len = sizeof request,
              .nlmsg_type = NFNL_SUBSYS_CTNETLINK << 8 | IPCTNL_MSG_CT_DELETE,
              .nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK,
          },
      .body = {.nfgen_family = AF_UNSPEC, .version = NFNETLINK_V0},
  };
  const struct sockaddr_nl kernel = {.nl_family = AF_NETLINK};
  int descriptor = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_NETFILTER);
  if (descriptor < 0) return -errno;
  int status = sendto(descriptor, &request, sizeof request, 0, (const struct sockaddr *)&kernel, sizeof kernel) < 0
                   ? -errno
                   : acknowledgement(descriptor);
  close(descriptor);
  return status;
}
