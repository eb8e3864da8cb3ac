#ifndef DEPTOP_CPOSTGRES_H
#define DEPTOP_CPOSTGRES_H

// Debian keeps the header in a directory of its own, others do not.
#if __has_include(<postgresql/libpq-fe.h>)
#include <postgresql/libpq-fe.h>
#else
#include <libpq-fe.h>
#endif

#endif
