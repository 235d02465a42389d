/* The doctor: opens what can be opened, runs every check, mends what is safe to mend. */
#include "sync/doctor_private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

const char *cib_health_word(cib_health h)
{
	static const char *const words[] = {N_("ok"), N_("advice"), N_("warning"), N_("error"), N_("damaged"), N_("skipped")};
	return words[h];
}

void health(patient *p, const char *name, cib_health h, const char *fix, const char *fmt, ...)
{
	cib_buf text = CIB_BUF_INIT, clean = CIB_BUF_INIT;
	cib_diagnosis *d = p->out;
	va_list ap;
	va_start(ap, fmt);
	cib_buf_vaddf(&text, cib_gettext(fmt), ap);
	va_end(ap);
	cib_buf_add_clean(&clean, cib_buf_str(&text), text.len);
	d->items = cib_grow(d->items, &d->cap, d->count + 1, sizeof *d->items);
	d->items[d->count++] = (cib_check_result){name, h, cib_buf_take(&clean), cib_strdup(fix ? cib_gettext(fix) : NULL)};
	cib_buf_free(&text);
}

void cib_diagnosis_free(cib_diagnosis *d)
{
	for (size_t i = 0; i < d->count; i++) {
		free(d->items[i].message);
		free(d->items[i].fix);
	}
	for (size_t i = 0; i < d->rescue_count; i++)
		free(d->rescues[i].ref);
	free(d->items);
	free(d->rescues);
	*d = (cib_diagnosis){0};
}

/* A copy is a folder with .git/cib or, when that is damaged, at least .git. */
static char *find_root(const char *dir)
{
	char *root = realpath(dir, NULL);
	for (; root && *root; *strrchr(root, '/') = '\0') {
		char *git = cib_format("%s/.git", root);
		bool here = access(git, F_OK) == 0;
		free(git);
		if (here)
			return root;
	}
	free(root);
	return NULL;
}

int cib_doctor(cib_diagnosis *out, const char *dir, const cib_doctor_options *options, cib_error *err)
{
	patient p = {.out = out, .options = options, .root = find_root(dir)};
	*out = (cib_diagnosis){0};
	if (!p.root) {
		int status = cib_error_set(err, CIB_NOTFOUND, "workspace.none", "this folder is not in a copy of a network");
		cib_error_hint(err, "go to your copy, or get one: cib join URL --user USER");
		return status;
	}
	p.git = cib_format("%s/.git", p.root);
	if (options->mend && cib_store_open(&p.store, p.root, NULL) == CIB_OK) {
		cib_workspace_open(&p.ws, p.root, NULL);
		doctor_mend(&p);
		cib_workspace_free(p.ws);
		cib_store_free(p.store);
		p.ws = NULL;
		p.store = NULL;
	}
	doctor_place(&p); /* before anything is opened: opening finishes what was interrupted */
	if (cib_store_open(&p.store, p.root, &p.opening) == CIB_OK)
		cib_workspace_open(&p.ws, p.root, &p.opening);
	doctor_copy(&p);
	doctor_link(&p);
	cib_workspace_free(p.ws);
	cib_store_free(p.store);
	free(p.root);
	free(p.git);
	return CIB_OK;
}
