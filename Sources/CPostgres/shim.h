#pragma once
#include <libpq-fe.h>

/// What servers remark beside their answers goes nowhere: libpq would print it.
static inline void cpostgres_ignore_remark(void *context, const PGresult *remark) {
    (void)context;
    (void)remark;
}
