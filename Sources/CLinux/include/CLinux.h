#ifndef CLINUX_H
#define CLINUX_H

/* What Swift cannot say itself about Linux: structures with flexible ends, function-like macros, socket options
 * whose argument is a structure. Functions return a negative errno where they fail. */

#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <stddef.h>
#include <stdint.h>

/* Opens a netlink socket that talks with the kernel's socket tables and with nobody else.
 *
 * The receive buffer is a wish: without CAP_NET_ADMIN the kernel cuts it to net.core.rmem_max. The timeout, in
 * microseconds and above 0, holds for each receive. Returns a descriptor that closes on exec. */
int clinux_diag_open(int receive_buffer_bytes, int64_t timeout_microseconds);

/* Asks for all TCP sockets.
 *
 * family is AF_INET, AF_INET6, or AF_UNSPEC for both in one walk of the tables, which only the request of the first
 * days of the interface can say. states has the bit 1 << state for each TCP state; extensions the bit
 * 1 << (attribute - 1) for each attribute. The filter is a program of struct inet_diag_bc_op, or empty. The answers
 * carry the sequence number. Returns 0. */
int clinux_diag_dump_tcp(
    int descriptor, uint32_t sequence, uint8_t family, uint32_t states, uint8_t extensions, const void *filter,
    size_t filter_bytes);

#endif
