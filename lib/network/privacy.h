/* Personal data, before it gets into a history that everybody copies and nobody can take back.
 *
 * Three things are looked for in every entry, record and commit message: e-mail addresses that are no role mailbox
 * (privacy.email), telephone numbers (privacy.phone), and points finer than the precision that stands beside them
 * (privacy.location). What is found is told by its place, never by its value: findings are printed and logged.
 *
 * A mailbox is a role's when its name is one (info, oficina, sekretariat, ...: private_text.c has the words) or is the
 * organisation's, when the owner's profile gives it as contact, or when network.json allows it:
 *
 *     "privacy": {"mailboxes": ["lga@example.org", "*@cib.example", "hub@*"]}
 *
 * An exception stands in the entry, by its field, without the value:
 *
 *     "x-cib-privacy": {"/contact/mailbox": {"allows": {"email": 1}, "reason": "The office has no other mailbox."}}
 *
 * It covers as many as it allows, so that a second address beside the first is found. Whoever reads the entry sees it as the
 * warning privacy.exception, which a network may weigh as an error: then there are no exceptions. Paths name items of lists by
 * their identity. Source: docs/privacy.md. */
#ifndef CIB_PRIVACY_H
#define CIB_PRIVACY_H

#include "network/network.h"

/* Judge a document in its place, as cib_network_check does; findings without file. `options->tree` (else the network's
 * commit) has the owner's profile. */
void cib_privacy_check(cib_network *net, const cib_place *place, const cJSON *doc, const cib_check_options *options, cib_findings *findings);
/* Judge the texts of a network.json by what it allows itself; findings have its file, weighed as `net` wants them. */
void cib_privacy_check_settings(const cib_network *net, const cJSON *settings, cib_findings *findings);
/* Judge a text that is no entry's, such as a commit message, weighed as the network wants it; findings have `file` (may be NULL). */
void cib_privacy_check_text(const cib_network *net, const char *member, const char *text, const char *file, const char *lang, cib_findings *findings);
/* Allow what stands at `pointer` in the document by now, and below it, for a reason (a sentence, itself without personal data).
 * CIB_NOTFOUND when there is nothing that needs it, CIB_USAGE when the reason is none. */
int cib_privacy_allow(cib_network *net, const cib_place *place, cJSON *doc, const char *pointer, const char *reason, const cib_oid *tree, cib_error *err);

/* ---- what a text holds (private_text.c) ---- */
typedef enum { CIB_PRIVATE_NONE,
	       CIB_PRIVATE_EMAIL,
	       CIB_PRIVATE_PHONE } cib_private_kind;
typedef struct {
	cib_private_kind kind;
	size_t start, len; /* bytes of the text */
} cib_private_match;
/* The next e-mail address or telephone number from byte `from` on; kind NONE at the end. */
cib_private_match cib_private_next(const char *text, size_t from);
/* Does an address name a role, or the organisation itself? member: its name, or NULL. */
bool cib_private_is_role(const char *address, size_t len, const char *member);

#endif
