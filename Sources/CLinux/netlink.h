#ifndef CLINUX_NETLINK_H
#define CLINUX_NETLINK_H

#include "CLinux.h"

/* Sends a whole netlink message and waits for the datagram that begins with its sequence number. Returns the length of
 * that, which fits. */
int64_t clinux_netlink_ask(
    int descriptor, uint32_t sequence, const void *request, size_t request_bytes, void *answer, size_t capacity);

#endif
