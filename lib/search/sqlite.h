/* SQLite, loaded when a search begins. Linked in, it and the library of mathematics that it needs would cost every run of
 * cib, each hook and each check, 0.7 MB of memory. */
#ifndef CIB_SQLITE_H
#define CIB_SQLITE_H

#include "base/base.h"
#include <sqlite3.h>

/* Every function of it that the room calls. */
#define CIB_SQLITE_FUNCTIONS(X) \
	X(bind_int64) X(bind_pointer) X(bind_text) X(busy_timeout) X(changes) X(close) X(column_double) \
	X(column_int64) X(column_text) X(errcode) X(errmsg) X(exec) X(finalize) X(last_insert_rowid) X(open_v2) \
	X(prepare_v2) X(prepare_v3) X(reset) X(result_double) X(step)

typedef struct {
#define CIB_SQLITE_MEMBER(name) __typeof__(&sqlite3_##name) name##_;
	CIB_SQLITE_FUNCTIONS(CIB_SQLITE_MEMBER)
#undef CIB_SQLITE_MEMBER
} cib_sqlite_table;

/* Before anything else: CIB_USAGE with a hint when the library is not there. */
int cib_sqlite_load(cib_error *err);
const cib_sqlite_table *cib_sqlite(void);

/* From here on the library's names mean what was loaded. */
#define sqlite3_bind_int64        cib_sqlite()->bind_int64_
#define sqlite3_bind_pointer      cib_sqlite()->bind_pointer_
#define sqlite3_bind_text         cib_sqlite()->bind_text_
#define sqlite3_busy_timeout      cib_sqlite()->busy_timeout_
#define sqlite3_changes           cib_sqlite()->changes_
#define sqlite3_close             cib_sqlite()->close_
#define sqlite3_column_double     cib_sqlite()->column_double_
#define sqlite3_column_int64      cib_sqlite()->column_int64_
#define sqlite3_column_text       cib_sqlite()->column_text_
#define sqlite3_errcode           cib_sqlite()->errcode_
#define sqlite3_errmsg            cib_sqlite()->errmsg_
#define sqlite3_exec              cib_sqlite()->exec_
#define sqlite3_finalize          cib_sqlite()->finalize_
#define sqlite3_last_insert_rowid cib_sqlite()->last_insert_rowid_
#define sqlite3_open_v2           cib_sqlite()->open_v2_
#define sqlite3_prepare_v2        cib_sqlite()->prepare_v2_
#define sqlite3_prepare_v3        cib_sqlite()->prepare_v3_
#define sqlite3_reset             cib_sqlite()->reset_
#define sqlite3_result_double     cib_sqlite()->result_double_
#define sqlite3_step              cib_sqlite()->step_

#endif
