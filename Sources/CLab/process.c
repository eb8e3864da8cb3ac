#define _GNU_SOURCE
#include "CLab.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* glibc names it since 2.36. */
static const int by_pidfd = 3;

static int status_of(const siginfo_t *information) {
  return information->si_code == CLD_EXITED ? information->si_status : 128 + information->si_status;
}

int clab_pipe(int ends[2]) { return pipe2(ends, O_CLOEXEC) < 0 ? -errno : 0; }

int clab_wait(int process) {
  siginfo_t information = {0};
  while (waitid((idtype_t)by_pidfd, (id_t)process, &information, WEXITED) < 0) {
    if (errno != EINTR) return -errno;
  }
  return status_of(&information);
}

int clab_wait_any(int *status) {
  siginfo_t information = {0};
  while (waitid(P_ALL, 0, &information, WEXITED | WNOHANG) < 0) {
    if (errno != EINTR) return -errno;
  }
  if (information.si_pid != 0) *status = status_of(&information);
  return information.si_pid;
}

int clab_signal(int process, int signal) {
  return syscall(SYS_pidfd_send_signal, process, signal, NULL, 0) < 0 ? -errno : 0;
}

int clab_adopt_orphans(void) { return prctl(PR_SET_CHILD_SUBREAPER, 1) < 0 ? -errno : 0; }

int clab_signal_descriptor(void) {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGTERM);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGHUP);
  sigaddset(&set, SIGCHLD);
  int status = pthread_sigmask(SIG_BLOCK, &set, NULL);
  if (status != 0) return -status;
  int descriptor = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
  return descriptor < 0 ? -errno : descriptor;
}

int clab_signal_next(int descriptor) {
  struct signalfd_siginfo information;
  ssize_t length;
  do {
    length = read(descriptor, &information, sizeof information);
  } while (length < 0 && errno == EINTR);
  if (length < 0) return errno == EAGAIN ? 0 : -errno;
  return (int)information.ssi_signo;
}
