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

/* Makes a socket in another network namespace, on a thread that enters it and ends.
 *
 * namespace_descriptor is an open /proc/PID/ns/net, or below 0 for the caller's own namespace. Entering one needs
 * CAP_SYS_ADMIN. Returns a descriptor that closes on exec. */
int clinux_namespace_socket(int namespace_descriptor, int family, int type, int protocol);

/* Reads the beginning of a file as another network namespace has it, which /proc/sys/net decides by the reading
 * thread; otherwise as clinux_namespace_socket. Returns the number of bytes. */
int64_t clinux_namespace_read(int namespace_descriptor, const char *path, void *buffer, size_t capacity);

/* Opens a netlink socket that talks with the kernel alone, in a namespace as above.
 *
 * protocol is NETLINK_SOCK_DIAG or NETLINK_NETFILTER; a timeout of 0 leaves receives without one. */
int clinux_netlink_open(
    int namespace_descriptor, int protocol, int receive_buffer_bytes, int64_t timeout_microseconds);

/* Lets a sock_diag socket hear of every TCP socket that is closed in its namespace. Returns 0. */
int clinux_diag_join_closings(int descriptor);

/* Asks for exactly one TCP socket, with INET_DIAG_INFO, or closes it (SOCK_DESTROY).
 *
 * The id has ports and addresses in network order; a cookie of all ones means any. The answer is one datagram that
 * begins with the sequence number: the socket, or NLMSG_ERROR, which a closing that went well is answered with too.
 * Returns its length. */
int64_t clinux_diag_ask(
    int descriptor, uint32_t sequence, int destroy, uint8_t family, const struct inet_diag_sockid *id, void *answer,
    size_t capacity);

/* Asks a NETLINK_NETFILTER socket for the conntrack entry whose original direction is from src to dst of the id, TCP.
 * Returns the length of the answer, as clinux_diag_ask. */
int64_t clinux_conntrack_ask(
    int descriptor, uint32_t sequence, uint8_t family, const struct inet_diag_sockid *id, void *answer,
    size_t capacity);

/* A descriptor for a process (Linux 5.3), and a copy of one of that process' descriptors (Linux 5.6), which needs the
 * right to trace it. Both close on exec. */
int clinux_pidfd_open(int32_t process);
int clinux_pidfd_getfd(int pidfd, int target);

/* SO_COOKIE. Returns 0. */
int clinux_socket_cookie(int descriptor, uint64_t *cookie);

/* A socket option that is a number of 32 bits. Return 0. */
int clinux_option_get(int descriptor, int level, int option, int32_t *value);
int clinux_option_set(int descriptor, int level, int option, int32_t value);

/* The effective capabilities of this thread, bit 1 << number. Returns 0. */
int clinux_capabilities_get(uint64_t *effective);

/* Gives up every capability of this thread but those, for good; makes those that are left effective. Returns 0. */
int clinux_capabilities_keep(uint64_t kept);

/* Programs that are started from here on gain no privilege (PR_SET_NO_NEW_PRIVS). Returns 0. */
int clinux_forbid_privileges(void);

/* Opens a directory only to look things up in it. Returns a descriptor that closes on exec. */
int clinux_open_directory(const char *path);

/* Reads the beginning of a file below a directory that counts as the root of every link on the way (Linux 5.6), without
 * any capability of this thread.
 *
 * Only a regular file that everybody may read is opened, and none that the kernel makes up, as in /proc and /sys;
 * others are -EMEDIUMTYPE, or -EACCES. Returns the number of bytes. */
int64_t clinux_read_in_root(int root, const char *path, void *buffer, size_t capacity);

/* Sends one message, with a copy of a descriptor unless passed is below 0; never raises SIGPIPE. Returns 0. */
int clinux_message_send(int descriptor, const void *bytes, size_t length, int passed);

/* Receives one message, 0 bytes at the end of the stream. passed becomes the descriptor that came along, the caller's
 * to close, or -1. A message that does not fit is -EMSGSIZE. Returns its length. */
int64_t clinux_message_receive(int descriptor, void *buffer, size_t capacity, int *passed);

/* Starts a program without arguments: input is its standard input, nothing its standard output, the standard error is
 * shared, every other descriptor is closed. It has no environment but PATH, no signal blocked or ignored, and a process
 * group of its own. process becomes its id, to be waited for. Returns 0. */
int clinux_start(const char *path, int input, int32_t *process);

/* Who made the other end of a Unix socket (SO_PEERCRED). Returns 0. */
int clinux_peer(int descriptor, int32_t *process, uint32_t *user);

/* Gives a sock_diag socket that somebody else has made, or that is used again, the same receive buffer, timeout and
 * partner as clinux_diag_open does. Returns 0. */
int clinux_diag_prepare(int descriptor, int receive_buffer_bytes, int64_t timeout_microseconds);

#endif
