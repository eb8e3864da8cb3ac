#define _GNU_SOURCE 1

#include "CCurses.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/signalfd.h>
#include <unistd.h>

static void terminal_signals(sigset_t *set) {
  sigemptyset(set);
  sigaddset(set, SIGWINCH);
  sigaddset(set, SIGTERM);
  sigaddset(set, SIGINT);
  sigaddset(set, SIGHUP);
  sigaddset(set, SIGTSTP);
  sigaddset(set, SIGCONT);
}

int32_t ccurses_memory_file(void) { return memfd_create("frame", MFD_CLOEXEC); }

bool ccurses_pipe(int32_t *source, int32_t *sink) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0) return false;
  *source = ends[0];
  *sink = ends[1];
  return true;
}

int32_t ccurses_event(void) { return eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK); }

void ccurses_block_signals(void) {
  sigset_t set;
  terminal_signals(&set);
  pthread_sigmask(SIG_BLOCK, &set, NULL);
}

int32_t ccurses_signals(void) {
  sigset_t set;
  terminal_signals(&set);
  return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

int32_t ccurses_next_signal(int32_t descriptor) {
  struct signalfd_siginfo info;
  ssize_t count;
  do count = read(descriptor, &info, sizeof info);
  while (count < 0 && errno == EINTR);
  return count == (ssize_t)sizeof info ? (int32_t)info.ssi_signo : 0;
}

void ccurses_stop(void) {
  sigset_t stop, kept;
  sigemptyset(&stop);
  sigaddset(&stop, SIGTSTP);
  // Not SIGSTOP: the kernel ignores SIGTSTP where no shell is left that could continue the process.
  kill(getpid(), SIGTSTP);
  pthread_sigmask(SIG_UNBLOCK, &stop, &kept);
  pthread_sigmask(SIG_SETMASK, &kept, NULL);
}

bool ccurses_window_size(int32_t terminal, int32_t *columns, int32_t *rows) {
  struct winsize size;
  if (ioctl(terminal, TIOCGWINSZ, &size) != 0 || size.ws_col == 0 || size.ws_row == 0) return false;
  *columns = size.ws_col;
  *rows = size.ws_row;
  return true;
}
