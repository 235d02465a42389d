/* What the files of the working folder held when they were last read, so that an untouched file costs one lstat.
 *
 * Kept in <git dir>/cib/stat, a line a file and a checksum last:
 *
 *   cib-stat 1 <time of writing> [<key>]
 *   <blob> <size> <inode> <mtime> <ctime> <path>        times in nanoseconds
 *   end <checksum of all above>
 *
 * It is only a cache: it may be deleted at any time, a damaged one is ignored, and writing it is best effort.
 * Git's rule for its index holds here too, with a margin for file systems that count in two seconds: a file that was
 * touched so shortly before it was read that a second edit could carry the same times is never remembered. */
#ifndef CIB_STAT_CACHE_H
#define CIB_STAT_CACHE_H

#include "store/store.h"

#include <sys/stat.h>

typedef struct cib_stat_cache cib_stat_cache;

/* Never fails: without a usable file it is empty. */
cib_stat_cache *cib_stat_cache_open(const cib_store *store);
/* Another of the kind, <git dir>/cib/<name>, that only holds as long as `key` stays the same: what was found out about the
 * files by rules that are in the key. */
cib_stat_cache *cib_stat_cache_open_keyed(const cib_store *store, const char *name, const cib_oid *key);
/* The blob of a file, when its lstat says that nobody touched it since it was read. */
bool cib_stat_cache_get(cib_oid *blob, cib_stat_cache *cache, const char *path, const struct stat *st);
/* Remember what was read. `st`: taken before the file was opened. */
void cib_stat_cache_put(cib_stat_cache *cache, const char *path, const struct stat *st, const cib_oid *blob);
/* Write what was got and put since it was opened, when it differs from what is on disk; free it. */
void cib_stat_cache_close(cib_stat_cache *cache, bool write);

/* Write a file that is only a cache: atomic, but not durable. After a power cut it is the old one, the new one, or one without
 * a right checksum. */
void cib_cache_write(const char *file, const cib_buf *text);

#endif
