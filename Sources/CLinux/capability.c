#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "capability.h"

#include "CLinux.h"

#include <errno.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

int clinux_capability_sets_get(clinux_capability_sets sets) {
  struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
  return syscall(SYS_capget, &header, sets) < 0 ? -errno : 0;
}

int clinux_capability_sets_put(const clinux_capability_sets sets) {
  struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
  return syscall(SYS_capset, &header, sets) < 0 ? -errno : 0;
}

int clinux_capabilities_get(uint64_t *effective) {
  clinux_capability_sets sets;
  int status = clinux_capability_sets_get(sets);
  if (status == 0) *effective = (uint64_t)sets[1].effective << 32 | sets[0].effective;
  return status;
}

int clinux_capabilities_keep(uint64_t kept) {
  clinux_capability_sets sets;
  int status = clinux_capability_sets_get(sets);
  if (status < 0) return status;
  for (int i = 0; i < _LINUX_CAPABILITY_U32S_3; i++) {
    const uint32_t half = (uint32_t)(kept >> (32 * i));
    sets[i].permitted &= half;
    sets[i].effective = sets[i].permitted;
    sets[i].inheritable = 0;
  }
  return clinux_capability_sets_put(sets);
}

int clinux_forbid_privileges(void) { return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 ? -errno : 0; }
