/* The table of formats: a name as it stands in a schema, and the function that checks it. */
#include "schema/format.h"

static const struct {
	const char *name;
	cib_format_check check;
} formats[] = {
	{"date", cib_format_date},
	{"date-time", cib_format_date_time},
	{"duration", cib_format_duration},
	{"email", cib_format_email},
	{"hostname", cib_format_hostname},
	{"idn-email", cib_format_idn_email},
	{"idn-hostname", cib_format_idn_hostname},
	{"ipv4", cib_format_ipv4},
	{"ipv6", cib_format_ipv6},
	{"iri", cib_format_iri},
	{"iri-reference", cib_format_iri_reference},
	{"json-pointer", cib_format_json_pointer},
	{"regex", cib_format_regex},
	{"relative-json-pointer", cib_format_relative_json_pointer},
	{"time", cib_format_time},
	{"uri", cib_format_uri},
	{"uri-reference", cib_format_uri_reference},
	{"uri-template", cib_format_uri_template},
	{"uuid", cib_format_uuid},
};

cib_format_check cib_format_find(const char *name)
{
	for (size_t i = 0; i < sizeof formats / sizeof *formats; i++)
		if (strcmp(formats[i].name, name) == 0)
			return formats[i].check;
	return NULL;
}

bool cib_format_ok(const char *name, const char *text, size_t len)
{
	cib_format_check check = cib_format_find(name);
	return !check || check(text, len);
}
