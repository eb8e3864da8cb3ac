#include "netlink.h"

#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_conntrack.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

/* Appends an attribute; a container has no value yet. Returns where it begins. */
static size_t append(char *message, size_t *length, uint16_t type, const void *value, size_t value_bytes) {
  const struct nlattr attribute = {.nla_type = type, .nla_len = NLA_HDRLEN + value_bytes};
  size_t start = *length;
  memcpy(message + start, &attribute, sizeof attribute);
  if (value_bytes > 0) memcpy(message + start + NLA_HDRLEN, value, value_bytes);
  *length = start + NLA_HDRLEN + NLA_ALIGN(value_bytes);
  return start;
}

/* Ends a container: it reaches to the end of the message. */
static void finish(char *message, size_t start, size_t length) {
  const uint16_t bytes = length - start;
  memcpy(message + start + offsetof(struct nlattr, nla_len), &bytes, sizeof bytes);
}

int64_t clinux_conntrack_ask(
    int descriptor, uint32_t sequence, uint8_t family, const struct inet_diag_sockid *id, void *answer,
    size_t capacity) {
  const int is_four = family == AF_INET;
  const size_t address_bytes = is_four ? 4 : 16;
  const uint8_t protocol = IPPROTO_TCP;
  char message[256] = {0};
  size_t length = NLMSG_HDRLEN;

  const struct nfgenmsg body = {.nfgen_family = family, .version = NFNETLINK_V0};
  memcpy(message + length, &body, sizeof body);
  length += NLMSG_ALIGN(sizeof body);
  size_t tuple = append(message, &length, CTA_TUPLE_ORIG | NLA_F_NESTED, NULL, 0);
  size_t part = append(message, &length, CTA_TUPLE_IP | NLA_F_NESTED, NULL, 0);
  append(message, &length, is_four ? CTA_IP_V4_SRC : CTA_IP_V6_SRC, id->idiag_src, address_bytes);
  append(message, &length, is_four ? CTA_IP_V4_DST : CTA_IP_V6_DST, id->idiag_dst, address_bytes);
  finish(message, part, length);
  part = append(message, &length, CTA_TUPLE_PROTO | NLA_F_NESTED, NULL, 0);
  append(message, &length, CTA_PROTO_NUM, &protocol, sizeof protocol);
  append(message, &length, CTA_PROTO_SRC_PORT, &id->idiag_sport, sizeof id->idiag_sport);
  append(message, &length, CTA_PROTO_DST_PORT, &id->idiag_dport, sizeof id->idiag_dport);
  finish(message, part, length);
  finish(message, tuple, length);

  const struct nlmsghdr header = {
      .nlmsg_len = length,
      .nlmsg_type = NFNL_SUBSYS_CTNETLINK << 8 | IPCTNL_MSG_CT_GET,
      .nlmsg_flags = NLM_F_REQUEST,
      .nlmsg_seq = sequence,
  };
  memcpy(message, &header, sizeof header);
  return clinux_netlink_ask(descriptor, sequence, message, length, answer, capacity);
}
