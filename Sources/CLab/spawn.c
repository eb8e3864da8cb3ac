#define _GNU_SOURCE
#include "isolation.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* The child only calls functions that are safe after a fork in a process with threads. */

static void no_signals(void) {
  struct sigaction plain = {.sa_handler = SIG_DFL};
  for (int number = 1; number < NSIG; number++) sigaction(number, &plain, NULL);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
}

static int place_descriptors(const struct clab_command *command) {
  const int wanted[] = {command->input, command->output, command->error};
  int copies[3];
  /* Copies first: one of the wanted may be where another is to go. */
  for (int i = 0; i < 3; i++) {
    copies[i] = fcntl(wanted[i], F_DUPFD_CLOEXEC, 3);
    if (copies[i] < 0) return -1;
  }
  for (int i = 0; i < 3; i++) {
    if (dup2(copies[i], i) < 0) return -1;
  }
  return 0;
}

static void close_others_on_exec(void) {
#ifdef SYS_close_range
  /* A kernel without it is no failure: what the lab opens closes on exec by itself. */
  syscall(SYS_close_range, 3U, ~0U, 1U << 2);
#endif
}

static void refuse(int report, int step) {
  const struct clab_refusal refusal = {.step = step, .code = errno};
  ssize_t written;
  do {
    written = write(report, &refusal, sizeof refusal);
  } while (written < 0 && errno == EINTR);
  _exit(127);
}

static void run(
    const struct clab_command *command, enum clab_isolation isolation, const struct clab_account *account, pid_t parent,
    int report) {
  no_signals();
  if (command->parent_death_signal != 0) {
    if (prctl(PR_SET_PDEATHSIG, command->parent_death_signal) < 0) refuse(report, CLAB_STEP_PROGRAM);
    /* The parent may have ended before. In a PID namespace of its own a process cannot see its parent. */
    if (isolation == CLAB_ISOLATION_NONE && getppid() != parent) _exit(127);
  }
  if (command->leads_session && setsid() < 0) refuse(report, CLAB_STEP_PROGRAM);
  if (isolation == CLAB_ISOLATION_USER && clab_account_become_root(account) < 0) refuse(report, CLAB_STEP_ACCOUNT);
  if (isolation != CLAB_ISOLATION_NONE && clab_mount_private() < 0) refuse(report, CLAB_STEP_MOUNTS);
  if (place_descriptors(command) < 0) refuse(report, CLAB_STEP_PROGRAM);
  close_others_on_exec();
  execve(command->program, command->arguments, environ);
  refuse(report, CLAB_STEP_PROGRAM);
}

/* True when the child runs its program; a refusal otherwise. The pipe closes on exec. */
static bool has_started(int report, struct clab_refusal *refusal) {
  ssize_t length;
  do {
    length = read(report, refusal, sizeof *refusal);
  } while (length < 0 && errno == EINTR);
  return length == 0;
}

int clab_spawn(
    const struct clab_command *command, enum clab_isolation isolation, int *process, struct clab_refusal *refusal) {
  *refusal = (struct clab_refusal){.step = CLAB_STEP_PROGRAM};
  int report[2];
  if (pipe2(report, O_CLOEXEC) < 0) {
    refusal->code = errno;
    return -1;
  }
  const struct clab_account account = clab_account_current();
  const pid_t parent = getpid();
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  const pid_t pid = isolation == CLAB_ISOLATION_NONE ? fork() : clab_fork_isolated(isolation == CLAB_ISOLATION_USER);
  if (pid == 0) run(command, isolation, &account, parent, report[1]);
  const int code = errno;
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  close(report[1]);
  bool runs = false;
  if (pid < 0) {
    *refusal = (struct clab_refusal){
        .step = isolation == CLAB_ISOLATION_NONE ? CLAB_STEP_PROGRAM : CLAB_STEP_NAMESPACES, .code = code};
  } else {
    runs = has_started(report[0], refusal);
    /* The pid cannot be another process's: only this function's caller waits for it. */
    *process = runs ? (int)syscall(SYS_pidfd_open, pid, 0) : -1;
    if (runs && *process < 0) {
      refusal->code = errno;
      kill(pid, SIGKILL);
      runs = false;
    }
    if (!runs) {
      while (waitpid(pid, NULL, 0) < 0 && errno == EINTR) {
      }
    }
  }
  close(report[0]);
  return runs ? pid : -1;
}
