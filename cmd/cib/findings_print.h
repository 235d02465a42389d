/* Findings in the forms that people and machines read: text, JSON Lines, SARIF, JUnit, and what GitHub and GitLab show
 * beside a change. One printer for a whole run; whoever checks says of each thing what was found in it. */
#ifndef CIB_FINDINGS_PRINT_H
#define CIB_FINDINGS_PRINT_H

#include "cmd.h"

typedef struct cib_printer cib_printer;

#define CIB_PRINTER_FORMATS N_("text, json, sarif, junit, github or gitlab")

/* A printer to `out`; NULL when there is no format of that name. `commits`: the files of the findings are the guard's,
 * "<12 hex>:<path>", and are told apart. */
cib_printer *cib_printer_new(FILE *out, const char *format, bool commits);
/* One thing was checked, a file or an entry; count 0: nothing was found in it. The findings are not kept. */
void cib_printer_add(cib_printer *p, const char *name, const cib_finding *findings, size_t count);
/* The end of the run: what the format needs at its end; frees the printer. `complete`: the run came to its end. */
void cib_printer_end(cib_printer *p, bool complete);

#endif
