#ifndef CBENCHMARKS_H
#define CBENCHMARKS_H

#include <stddef.h>
#include <stdint.h>

/// What one dump of the socket table brought.
struct cbench_dump {
  uint64_t sockets;
  uint64_t datagrams;
  uint64_t bytes;
};

/// Dumps the TCP sockets of IPv4 and then of IPv6, each with its tcp_info, and counts them.
///
/// Adds to the counts. Answers 0, or a negated errno.
int cbench_dump_tcp(void *buffer, size_t buffer_bytes, struct cbench_dump *dump);

/// The CPU time that a child used and its exit status, from wait4; waits for its end.
///
/// Answers 0, or a negated errno.
int cbench_wait(int32_t pid, int64_t *cpu_microseconds, int32_t *status);

#endif
