#ifndef DEPTOP_CNAMESPACE_H
#define DEPTOP_CNAMESPACE_H

#include <stdint.h>

/// Makes a socket in the network namespace that a process is in; closes on exec.
///
/// Uses a thread of its own, so that the caller's namespace stays what it is. Answers the descriptor, or the negative
/// `errno`.
int32_t deptop_test_socket_in(int32_t process, int32_t family, int32_t type);

#endif
