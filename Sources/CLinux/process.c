#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "CLinux.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/openat2.h>
#include <string.h>
#include <sys/prctl.h>
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

/* Both halves of the sets, 32 capabilities each. */
typedef struct __user_cap_data_struct capability_data[_LINUX_CAPABILITY_U32S_3];

static int get_capabilities(capability_data data) {
  struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
  return syscall(SYS_capget, &header, data) < 0 ? -errno : 0;
}

static int set_capabilities(const capability_data data) {
  struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
  return syscall(SYS_capset, &header, data) < 0 ? -errno : 0;
}

int clinux_capabilities_get(uint64_t *effective) {
  capability_data data;
  int status = get_capabilities(data);
  if (status == 0) *effective = (uint64_t)data[1].effective << 32 | data[0].effective;
  return status;
}

int clinux_capabilities_keep(uint64_t kept) {
  capability_data data;
  int status = get_capabilities(data);
  if (status < 0) return status;
  for (int i = 0; i < _LINUX_CAPABILITY_U32S_3; i++) {
    const uint32_t half = (uint32_t)(kept >> (32 * i));
    data[i].permitted &= half;
    data[i].effective = data[i].permitted;
    data[i].inheritable = 0;
  }
  return set_capabilities(data);
}

int clinux_forbid_privileges(void) { return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 ? -errno : 0; }

int clinux_open_directory(const char *path) {
  int descriptor = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
  return descriptor < 0 ? -errno : descriptor;
}

int clinux_open_in_root(int root, const char *path) {
  capability_data before, during;
  int status = get_capabilities(before);
  if (status < 0) return status;
  memcpy(during, before, sizeof during);
  during[0].effective &= ~(1u << CAP_DAC_OVERRIDE | 1u << CAP_DAC_READ_SEARCH);
  status = set_capabilities(during);
  if (status < 0) return status;
  const struct open_how how = {
      /* Not blocking: the file of a stranger can be a pipe without a writer. */
      .flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY,
      .resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS,
  };
  long descriptor = syscall(SYS_openat2, root, path, &how, sizeof how);
  int result = descriptor < 0 ? -errno : (int)descriptor;
  status = set_capabilities(before);
  if (status < 0) {
    if (result >= 0) close(result);
    return status;
  }
  return result;
}
