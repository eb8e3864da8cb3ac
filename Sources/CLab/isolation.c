#define _GNU_SOURCE
#include "isolation.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/syscall.h>
#include <unistd.h>

struct clab_account clab_account_current(void) {
  struct clab_account account;
  snprintf(account.users, sizeof account.users, "0 %u 1\n", (unsigned)geteuid());
  snprintf(account.groups, sizeof account.groups, "0 %u 1\n", (unsigned)getegid());
  return account;
}

pid_t clab_fork_isolated(bool with_user_namespace) {
  unsigned long flags = CLONE_NEWNS | CLONE_NEWNET | CLONE_NEWPID | CLONE_NEWIPC | SIGCHLD;
  if (with_user_namespace) flags |= CLONE_NEWUSER;
  /* Unlike unshare(2), which refuses a user namespace to a process that has threads. */
#ifdef __s390x__
  return (pid_t)syscall(SYS_clone, NULL, flags, NULL, NULL, NULL);
#else
  return (pid_t)syscall(SYS_clone, flags, NULL, NULL, NULL, NULL);
#endif
}

static int put(const char *path, const char *text) {
  int descriptor = open(path, O_WRONLY | O_CLOEXEC);
  if (descriptor < 0) return -1;
  ssize_t written = write(descriptor, text, strlen(text));
  int code = errno;
  close(descriptor);
  errno = code;
  return written < 0 ? -1 : 0;
}

int clab_account_become_root(const struct clab_account *account) {
  /* An ordinary user may map the group only after having given up setgroups(2). */
  if (put("/proc/self/setgroups", "deny") < 0 && errno != ENOENT) return -1;
  if (put("/proc/self/uid_map", account->users) < 0) return -1;
  return put("/proc/self/gid_map", account->groups);
}

int clab_mount_private(void) {
  if (mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0) return -1;
  return mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL);
}

int clab_mount_file(const char *file, const char *place) {
  return mount(file, place, NULL, MS_BIND, NULL) < 0 ? -errno : 0;
}
