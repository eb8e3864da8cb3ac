#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "CLinux.h"
#include "capability.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

int clinux_open_directory(const char *path) {
  int descriptor = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
  return descriptor < 0 ? -errno : descriptor;
}

/* Whether the files of a file system are made by the kernel when they are read: those tell one reader more than
 * another, or do something. */
static int is_of_kernel(const struct statfs *system) {
  static const unsigned long types[] = {
      PROC_SUPER_MAGIC, SYSFS_MAGIC,   CGROUP_SUPER_MAGIC, CGROUP2_SUPER_MAGIC, DEBUGFS_MAGIC,  TRACEFS_MAGIC,
      SECURITYFS_MAGIC, SELINUX_MAGIC, PSTOREFS_MAGIC,     EFIVARFS_MAGIC,      BINFMTFS_MAGIC, BPF_FS_MAGIC,
  };
  for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
    if ((uint32_t)system->f_type == types[i]) return 1;
  }
  return 0;
}

/* Whether a file that was only looked up may be opened: opening a device or a pipe can have effects. */
static int check(int found) {
  struct stat status;
  struct statfs system;
  if (fstat(found, &status) < 0 || fstatfs(found, &system) < 0) return -errno;
  if (!S_ISREG(status.st_mode) || is_of_kernel(&system)) return -EMEDIUMTYPE;
  /* The owner's right does not count: to this process root's files belong even without a capability. */
  return status.st_mode & S_IROTH ? 0 : -EACCES;
}

static int64_t read_start(int descriptor, char *buffer, size_t capacity) {
  size_t length = 0;
  while (length < capacity) {
    ssize_t count = read(descriptor, buffer + length, capacity - length);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return -errno;
    if (count == 0) break;
    length += count;
  }
  return length;
}

/* Opens what was looked up, which no name leads to any more, so that it is still what was checked. */
static int64_t open_and_read(int found, char *buffer, size_t capacity) {
  char path[32];
  snprintf(path, sizeof path, "/proc/self/fd/%d", found);
  int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
  if (descriptor < 0) return -errno;
  int64_t result = read_start(descriptor, buffer, capacity);
  close(descriptor);
  return result;
}

static int64_t look_up_and_read(int root, const char *path, char *buffer, size_t capacity) {
  const struct open_how how = {
      .flags = O_PATH | O_CLOEXEC,
      .resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS,
  };
  long found = syscall(SYS_openat2, root, path, &how, sizeof how);
  if (found < 0) return -errno;
  int64_t result = check((int)found);
  if (result == 0) result = open_and_read((int)found, buffer, capacity);
  close((int)found);
  return result;
}

int64_t clinux_read_in_root(int root, const char *path, void *buffer, size_t capacity) {
  clinux_capability_sets before, none;
  int status = clinux_capability_sets_get(before);
  if (status < 0) return status;
  memcpy(none, before, sizeof none);
  for (int i = 0; i < _LINUX_CAPABILITY_U32S_3; i++) none[i].effective = 0;
  status = clinux_capability_sets_put(none);
  if (status < 0) return status;
  int64_t result = look_up_and_read(root, path, buffer, capacity);
  status = clinux_capability_sets_put(before);
  return status < 0 ? status : result;
}
