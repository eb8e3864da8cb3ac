#ifndef DEPTOP_CLAB_ISOLATION_H
#define DEPTOP_CLAB_ISOLATION_H

#include "CLab.h"

#include <stdbool.h>
#include <sys/types.h>

/* The lines that make an account root of a user namespace. */
struct clab_account {
  char users[32];
  char groups[32];
};

struct clab_account clab_account_current(void);

/* As fork(2), in namespaces of its own. The child may only call system calls. */
pid_t clab_fork_isolated(bool with_user_namespace);

/* In the child; return 0, or -1 and errno. */
int clab_account_become_root(const struct clab_account *account);
int clab_mount_private(void);

#endif
