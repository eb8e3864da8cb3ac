#define _GNU_SOURCE 1

#include "CCurses.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

// Everything that a signal handler reads is written before `armed` is set and left alone while it is.
static struct {
  struct termios mode;
  int terminal;
  uint8_t sequence[512];
  size_t count;
  atomic_bool armed;
  bool exit_hooked;
} guard;

static const int crashes[] = {SIGSEGV, SIGABRT, SIGILL, SIGTRAP, SIGFPE, SIGBUS, SIGQUIT};
enum { CRASHES = sizeof crashes / sizeof crashes[0], STALL_MILLISECONDS = 100 };
static struct sigaction previous[CRASHES];
static _Alignas(16) uint8_t crash_stack[65536];

static bool set_mode(int terminal, const struct termios *mode) {
  int result;
  do result = tcsetattr(terminal, TCSANOW, mode);
  while (result < 0 && errno == EINTR);
  return result == 0;
}

static bool switch_to_raw(int terminal) {
  struct termios raw = guard.mode;
  // Signals stay: ctrl-c and ctrl-z arrive as such, and ctrl-\ ends a program that no longer listens. Flow control
  // goes: ctrl-s would freeze the screen. NOFLSH keeps a signal from cutting a frame in the middle of a sequence.
  raw.c_iflag &= ~(tcflag_t)(IXON | ICRNL | INLCR | IGNCR | ISTRIP | PARMRK);
  raw.c_oflag &= ~(tcflag_t)OPOST;
  raw.c_lflag &= ~(tcflag_t)(ICANON | ECHO | ECHONL | IEXTEN);
  raw.c_lflag |= ISIG | NOFLSH;
  raw.c_cc[VMIN] = 1;
  raw.c_cc[VTIME] = 0;
  return set_mode(terminal, &raw);
}

bool ccurses_raw_mode(int32_t terminal) {
  return tcgetattr(terminal, &guard.mode) == 0 && switch_to_raw(terminal);
}

bool ccurses_resume_raw_mode(int32_t terminal) { return switch_to_raw(terminal); }

void ccurses_restore_mode(int32_t terminal) { set_mode(terminal, &guard.mode); }

/// Only calls that are allowed in a signal handler; gives up on a terminal that takes nothing.
static void restore_terminal(void) {
  size_t sent = 0;
  while (sent < guard.count) {
    ssize_t count = write(guard.terminal, guard.sequence + sent, guard.count - sent);
    if (count > 0) {
      sent += (size_t)count;
    } else if (count < 0 && errno == EINTR) {
      continue;
    } else {
      struct pollfd room = {.fd = guard.terminal, .events = POLLOUT};
      if (count < 0 && errno != EAGAIN) break;
      if (poll(&room, 1, STALL_MILLISECONDS) <= 0) break;
    }
  }
  set_mode(guard.terminal, &guard.mode);
}

static void crashed(int number) {
  int kept = errno;
  if (atomic_exchange(&guard.armed, false)) restore_terminal();
  for (int i = 0; i < CRASHES; i++) {
    if (crashes[i] == number) sigaction(number, &previous[i], NULL);
  }
  errno = kept;
  // Delivered when this handler returns, to whoever had it before.
  raise(number);
}

static void exiting(void) {
  if (atomic_exchange(&guard.armed, false)) restore_terminal();
}

static void use_crash_stack(void) {
  stack_t current;
  if (sigaltstack(NULL, &current) != 0 || !(current.ss_flags & SS_DISABLE)) return;
  stack_t stack = {.ss_sp = crash_stack, .ss_size = sizeof crash_stack};
  sigaltstack(&stack, NULL);
}

void ccurses_guard(int32_t terminal, const uint8_t *sequence, size_t count) {
  if (atomic_load(&guard.armed) || count > sizeof guard.sequence) return;
  guard.terminal = terminal;
  guard.count = count;
  memcpy(guard.sequence, sequence, count);
  if (!guard.exit_hooked) guard.exit_hooked = atexit(exiting) == 0;
  use_crash_stack();
  // In the background a change of the mode would stop the process in the middle of its end.
  struct sigaction action = {.sa_handler = crashed, .sa_flags = SA_ONSTACK};
  sigemptyset(&action.sa_mask);
  sigaddset(&action.sa_mask, SIGTTOU);
  atomic_store(&guard.armed, true);
  for (int i = 0; i < CRASHES; i++) sigaction(crashes[i], &action, &previous[i]);
}

bool ccurses_unguard(void) {
  if (!atomic_exchange(&guard.armed, false)) return false;
  for (int i = 0; i < CRASHES; i++) sigaction(crashes[i], &previous[i], NULL);
  return true;
}
