/* Libraries opened when they are first needed (see late.h). */
#include "base/late.h"
#include "base/gettext.h"

#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static bool find_all(cib_late *l, void *library)
{
	for (size_t i = 0; i < l->count; i++) {
		void *address = dlsym(library, l->symbols[i].name);
		if (!address)
			return false;
		memcpy((char *)l->table + l->symbols[i].at, &address, sizeof address); /* also a function's, as POSIX has it */
	}
	return true;
}

/* *memory: it was not enough, which says nothing of the library. */
static bool open_once(cib_late *l, bool *memory)
{
	static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
	pthread_mutex_lock(&mutex);
	*memory = false;
	if (!l->open) {
		errno = 0;
		void *library = dlopen(l->file, RTLD_LAZY | RTLD_LOCAL);
		*memory = !library && errno == ENOMEM;
		if (library && find_all(l, library))
			__atomic_store_n(&l->open, 1, __ATOMIC_RELEASE);
	}
	pthread_mutex_unlock(&mutex);
	return l->open;
}

int cib_late_open(cib_late *l, cib_error *err)
{
	bool memory;
	if (__atomic_load_n(&l->open, __ATOMIC_ACQUIRE) || open_once(l, &memory))
		return CIB_OK;
	if (memory)
		return cib_error_set(err, CIB_INTERNAL, "library.memory", "%s: %s", l->file, _("out of memory"));
	int status = cib_error_set(err, CIB_USAGE, "library.missing", "a library is not there, or is another version than cib was built for: %s", l->file);
	cib_error_hint(err, "install it: apt install %s", l->package);
	return status;
}

void cib_late_need(cib_late *l)
{
	cib_error err = CIB_ERROR_INIT;
	if (cib_late_open(l, &err) == CIB_OK)
		return;
	fprintf(stderr, err.hint[0] ? "cib: %s\n  %s\n" : "cib: %s\n", err.message, err.hint);
	_exit(CIB_INTERNAL);
}
