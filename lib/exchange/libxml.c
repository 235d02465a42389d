/* The addresses of libxml2's functions, found once (see libxml.h). */
#include "exchange/libxml.h"

#include <dlfcn.h>
#include <pthread.h>
#include <string.h>

static cib_libxml_table table; /* written once; no more state than a linked library would be */
static bool complete;

static void load(void)
{
	static const struct {
		const char *name;
		size_t at;
	} symbols[] = {
		{"xmlCtxtGetLastError", offsetof(cib_libxml_table, xmlCtxtGetLastError_)},
		{"xmlCtxtReadMemory", offsetof(cib_libxml_table, xmlCtxtReadMemory_)},
		{"xmlDocGetRootElement", offsetof(cib_libxml_table, xmlDocGetRootElement_)},
		{"xmlFreeDoc", offsetof(cib_libxml_table, xmlFreeDoc_)},
		{"xmlFreeParserCtxt", offsetof(cib_libxml_table, xmlFreeParserCtxt_)},
		{"xmlGetLineNo", offsetof(cib_libxml_table, xmlGetLineNo_)},
		{"xmlGetNoNsProp", offsetof(cib_libxml_table, xmlGetNoNsProp_)},
		{"xmlGetNsProp", offsetof(cib_libxml_table, xmlGetNsProp_)},
		{"xmlNewParserCtxt", offsetof(cib_libxml_table, xmlNewParserCtxt_)},
		{"xmlNodeGetContent", offsetof(cib_libxml_table, xmlNodeGetContent_)},
		{"xmlSetGenericErrorFunc", offsetof(cib_libxml_table, xmlSetGenericErrorFunc_)},
		{"xmlFree", offsetof(cib_libxml_table, xmlFree_)},
	};
	void *library = dlopen("libxml2.so.2", RTLD_NOW | RTLD_LOCAL);
	bool all = library != NULL;
	for (size_t i = 0; i < sizeof symbols / sizeof *symbols && all; i++) {
		void *address = dlsym(library, symbols[i].name);
		memcpy((char *)&table + symbols[i].at, &address, sizeof address); /* also a function's, as POSIX has it */
		all = address != NULL;
	}
	complete = all;
}

int cib_libxml_load(cib_error *err)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	pthread_once(&once, load);
	if (complete)
		return CIB_OK;
	int status = cib_error_set(err, CIB_USAGE, "exchange.libxml", "the library that reads XML is not there: libxml2.so.2");
	cib_error_hint(err, "install it: apt install libxml2");
	return status;
}

const cib_libxml_table *cib_libxml(void)
{
	return &table;
}
