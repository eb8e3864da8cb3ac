#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "CLinux.h"

#include <errno.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

int clinux_pidfd_open(int32_t process) {
  long descriptor = syscall(SYS_pidfd_open, process, 0);
  return descriptor < 0 ? -errno : (int)descriptor;
}

int clinux_pidfd_getfd(int pidfd, int target) {
  long descriptor = syscall(SYS_pidfd_getfd, pidfd, target, 0);
  return descriptor < 0 ? -errno : (int)descriptor;
}

int clinux_socket_cookie(int descriptor, uint64_t *cookie) {
  socklen_t length = sizeof *cookie;
  if (getsockopt(descriptor, SOL_SOCKET, SO_COOKIE, cookie, &length) < 0) return -errno;
  return length == sizeof *cookie ? 0 : -EBADMSG;
}

int clinux_option_get(int descriptor, int level, int option, int32_t *value) {
  socklen_t length = sizeof *value;
  if (getsockopt(descriptor, level, option, value, &length) < 0) return -errno;
  return length == sizeof *value ? 0 : -EBADMSG;
}

int clinux_option_set(int descriptor, int level, int option, int32_t value) {
  return setsockopt(descriptor, level, option, &value, sizeof value) < 0 ? -errno : 0;
}
