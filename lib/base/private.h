/* What the files of this room share. */
#ifndef CIB_BASE_PRIVATE_H
#define CIB_BASE_PRIVATE_H

#include "base/base.h"

/* What errno says, as "cannot WHAT PATH: ...": CIB_NOTFOUND or CIB_IO. */
int cib_file_failed(cib_error *err, const char *what, const char *path);
int cib_file_sync_parent(const char *path, cib_error *err);
int cib_file_write_all(int fd, const char *data, size_t len); /* 0, or -1 with errno */

#endif
