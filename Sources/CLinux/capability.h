#ifndef CLINUX_CAPABILITY_H
#define CLINUX_CAPABILITY_H

#include <linux/capability.h>

/* Both halves of this thread's sets, 32 capabilities each. */
typedef struct __user_cap_data_struct clinux_capability_sets[_LINUX_CAPABILITY_U32S_3];

/* Return 0. */
int clinux_capability_sets_get(clinux_capability_sets sets);
int clinux_capability_sets_put(const clinux_capability_sets sets);

#endif
