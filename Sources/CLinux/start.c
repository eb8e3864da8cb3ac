#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "CLinux.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <unistd.h>

static int set_descriptors(posix_spawn_file_actions_t *actions, int input) {
  int status = posix_spawn_file_actions_adddup2(actions, input, STDIN_FILENO);
  if (status == 0) status = posix_spawn_file_actions_addopen(actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  if (status == 0) status = posix_spawn_file_actions_addclosefrom_np(actions, STDERR_FILENO + 1);
  return status;
}

/* No signal blocked or ignored, and a process group of its own. */
static int set_signals(posix_spawnattr_t *attributes) {
  sigset_t none, all;
  sigemptyset(&none);
  sigfillset(&all);
  int status = posix_spawnattr_setsigmask(attributes, &none);
  if (status == 0) status = posix_spawnattr_setsigdefault(attributes, &all);
  if (status == 0) status = posix_spawnattr_setpgroup(attributes, 0);
  const short flags = POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP;
  return status == 0 ? posix_spawnattr_setflags(attributes, flags) : status;
}

int clinux_start(const char *path, int input, int32_t *process) {
  char *const arguments[] = {(char *)path, NULL};
  char *const environment[] = {"PATH=/usr/sbin:/usr/bin:/sbin:/bin", NULL};
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  int status = posix_spawn_file_actions_init(&actions);
  if (status != 0) return -status;
  status = posix_spawnattr_init(&attributes);
  if (status == 0) {
    pid_t pid;
    status = set_descriptors(&actions, input);
    if (status == 0) status = set_signals(&attributes);
    if (status == 0) status = posix_spawn(&pid, path, &actions, &attributes, arguments, environment);
    if (status == 0) *process = pid;
    posix_spawnattr_destroy(&attributes);
  }
  posix_spawn_file_actions_destroy(&actions);
  return -status;
}
