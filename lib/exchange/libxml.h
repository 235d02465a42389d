/* libxml2, loaded when an import asks for it. Linked in, it and what it needs (ICU, the C++ library) would cost every run
 * of cib, each hook and each check, 2.5 MB of memory and a quarter of the time to start. */
#ifndef CIB_LIBXML_H
#define CIB_LIBXML_H

#include "base/base.h"
#include <libxml/parser.h>
#include <libxml/tree.h>

typedef struct {
	__typeof__(&xmlCtxtGetLastError) xmlCtxtGetLastError_;
	__typeof__(&xmlCtxtReadMemory) xmlCtxtReadMemory_;
	__typeof__(&xmlDocGetRootElement) xmlDocGetRootElement_;
	__typeof__(&xmlFreeDoc) xmlFreeDoc_;
	__typeof__(&xmlFreeParserCtxt) xmlFreeParserCtxt_;
	__typeof__(&xmlGetLineNo) xmlGetLineNo_;
	__typeof__(&xmlGetNoNsProp) xmlGetNoNsProp_;
	__typeof__(&xmlGetNsProp) xmlGetNsProp_;
	__typeof__(&xmlNewParserCtxt) xmlNewParserCtxt_;
	__typeof__(&xmlNodeGetContent) xmlNodeGetContent_;
	__typeof__(&xmlSetGenericErrorFunc) xmlSetGenericErrorFunc_;
	xmlFreeFunc *xmlFree_;
} cib_libxml_table;

/* Before anything else: CIB_USAGE with a hint when the library is not there. */
int cib_libxml_load(cib_error *err);
const cib_libxml_table *cib_libxml(void);

/* From here on the library's names mean what was loaded. */
#define xmlCtxtGetLastError    cib_libxml()->xmlCtxtGetLastError_
#define xmlCtxtReadMemory      cib_libxml()->xmlCtxtReadMemory_
#define xmlDocGetRootElement   cib_libxml()->xmlDocGetRootElement_
#define xmlFreeDoc             cib_libxml()->xmlFreeDoc_
#define xmlFreeParserCtxt      cib_libxml()->xmlFreeParserCtxt_
#define xmlGetLineNo           cib_libxml()->xmlGetLineNo_
#define xmlGetNoNsProp         cib_libxml()->xmlGetNoNsProp_
#define xmlGetNsProp           cib_libxml()->xmlGetNsProp_
#define xmlNewParserCtxt       cib_libxml()->xmlNewParserCtxt_
#define xmlNodeGetContent      cib_libxml()->xmlNodeGetContent_
#define xmlSetGenericErrorFunc cib_libxml()->xmlSetGenericErrorFunc_
#undef xmlFree
#define xmlFree (*cib_libxml()->xmlFree_)

#endif
