/* The addresses of SQLite's functions, found once (see sqlite.h). */
#include "search/sqlite.h"

#include <dlfcn.h>
#include <pthread.h>
#include <string.h>

static cib_sqlite_table table; /* written once; no more state than a linked library would be */
static bool complete;

static void load(void)
{
	static const struct {
		const char *name;
		size_t at;
	} symbols[] = {
#define CIB_SQLITE_SYMBOL(name) {"sqlite3_" #name, offsetof(cib_sqlite_table, name##_)},
		CIB_SQLITE_FUNCTIONS(CIB_SQLITE_SYMBOL)
#undef CIB_SQLITE_SYMBOL
	};
	void *library = dlopen("libsqlite3.so.0", RTLD_NOW | RTLD_LOCAL);
	bool all = library != NULL;
	for (size_t i = 0; i < sizeof symbols / sizeof *symbols && all; i++) {
		void *address = dlsym(library, symbols[i].name);
		memcpy((char *)&table + symbols[i].at, &address, sizeof address); /* also a function's, as POSIX has it */
		all = address != NULL;
	}
	complete = all;
}

int cib_sqlite_load(cib_error *err)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	pthread_once(&once, load);
	if (complete)
		return CIB_OK;
	int status = cib_error_set(err, CIB_USAGE, "search.sqlite", "the library that searches is not there: libsqlite3.so.0");
	cib_error_hint(err, "install it: apt install libsqlite3-0");
	return status;
}

const cib_sqlite_table *cib_sqlite(void)
{
	return &table;
}
