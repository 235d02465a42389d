/* Fuzz target of the formats: the first byte chooses the check; what is a format of one name is one of the wider name too. */
#include "schema/format.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const names[] = {"date", "time", "date-time", "duration", "email", "idn-email", "hostname", "idn-hostname", "ipv4", "ipv6",
                                    "uri", "uri-reference", "iri", "iri-reference", "uri-template", "json-pointer", "relative-json-pointer", "uuid", "regex"};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const wider[][2] = {{"email", "idn-email"}, {"hostname", "idn-hostname"}, {"uri", "uri-reference"}, {"uri", "iri"}, {"iri", "iri-reference"}, {"uri-reference", "iri-reference"}};
	if (size == 0)
		return 0;
	const char *name = names[*data % (sizeof names / sizeof *names)], *text = (const char *)data + 1;
	bool ok = cib_format_ok(name, text, --size);
	for (size_t i = 0; ok && i < sizeof wider / sizeof *wider; i++)
		if (strcmp(name, wider[i][0]) == 0 && !cib_format_ok(wider[i][1], text, size))
			abort();
	return 0;
}
