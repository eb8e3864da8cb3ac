#ifndef DEPTOP_CLAB_H
#define DEPTOP_CLAB_H

#include <stdbool.h>
#include <stdint.h>

/// A program to start, with the caller's environment. Every descriptor but the three named here is closed in it, and no
/// signal is blocked or handled.
struct clab_command {
  /// An absolute path.
  const char *program;
  /// End with NULL.
  char *const *arguments;
  int input;
  int output;
  int error;
  /// The signal that the program gets when the thread that started it ends; 0 for none.
  int parent_death_signal;
  /// True for a session of its own: a terminal's signals do not reach it.
  bool leads_session;
};

/// Where the start of a program failed.
enum clab_step {
  CLAB_STEP_NAMESPACES = 1,
  CLAB_STEP_ACCOUNT,
  CLAB_STEP_MOUNTS,
  CLAB_STEP_PROGRAM,
};

/// What was left by a failed start: the step, and the `errno` of it.
struct clab_refusal {
  int32_t step;
  int32_t code;
};

/// Which namespaces a program gets of its own.
enum clab_isolation {
  /// None; it shares those of the thread that starts it.
  CLAB_ISOLATION_NONE,
  /// Mount, network, PID and IPC; needs CAP_SYS_ADMIN.
  CLAB_ISOLATION_PRIVILEGED,
  /// The same and a user namespace in which the caller's account is root.
  CLAB_ISOLATION_USER,
};

/// Starts a program; in namespaces of its own it is process 1 of them, with a `/proc` that shows them.
///
/// Answers its pid once it runs and puts a pidfd, which closes on exec, into `process`; answers -1 and the refusal
/// when it could not be started. Works in a process that has threads.
int clab_spawn(
    const struct clab_command *command, enum clab_isolation isolation, int *process, struct clab_refusal *refusal);

/// Makes a pipe whose ends, the reading one first, close on exec. Answers 0 or the negative `errno`.
int clab_pipe(int ends[2]);

/// Waits for the end of a child without limit and forgets it. Answers its exit status, 128 and the number of the
/// signal that ended it, or the negative `errno`.
int clab_wait(int process);

/// Waits for the end of any child and forgets it, at once when none has ended. Answers its pid and puts what
/// ``clab_wait`` answers into `status`; 0 when none has ended, or the negative `errno`.
int clab_wait_any(int *status);

/// Sends a signal by pidfd. Answers 0 or the negative `errno`.
int clab_signal(int process, int signal);

/// Lets orphans of this process's descendants become its children. Answers 0 or the negative `errno`.
int clab_adopt_orphans(void);

/// Blocks SIGTERM, SIGINT, SIGHUP and SIGCHLD in this thread and answers a descriptor, which closes on exec and does
/// not block, that tells of them; or the negative `errno`.
int clab_signal_descriptor(void);

/// Reads one signal. Answers its number, 0 when there is none, or the negative `errno`.
int clab_signal_next(int descriptor);

/// Moves this thread into a new network namespace. Answers a descriptor of it, which closes on exec, or the negative
/// `errno`.
int clab_network_new(void);

/// Sends and receives packets on a device as they are on the wire, none larger than its MTU: switches off what joins
/// and splits segments and delays checksums. In this thread's network namespace. Answers 0 or the negative `errno`.
int clab_device_plain(const char *device);

/// Forgets every tracked connection of this thread's network namespace. Answers 0 or the negative `errno`.
int clab_connections_forget(void);

/// Puts a file in the place of another, for this mount namespace. Answers 0 or the negative `errno`.
int clab_mount_file(const char *file, const char *place);

#endif
