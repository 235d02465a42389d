/* Which changes need a reviewer (network.json "review", docs/review.md), and taking over those that need none. */
#include "review/policy.h"

#include "review/private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool says_none(const cJSON *policy)
{
	return cJSON_IsString(policy) && strcmp(policy->valuestring, "none") == 0;
}

/* A pattern is a pointer in which * stands for any one token. */
static bool is_at_or_below(const char *pointer, const char *pattern)
{
	while (*pattern) {
		size_t n = strcspn(pattern + 1, "/") + 1, m = *pointer ? strcspn(pointer + 1, "/") + 1 : 0;
		if (!m || !((n == 2 && pattern[1] == '*') || (n == m && memcmp(pattern, pointer, n) == 0)))
			return false;
		pattern += n;
		pointer += m;
	}
	return true;
}

static bool touches(const cib_json_changes *changes, const char *pattern)
{
	for (size_t i = 0; i < changes->count; i++)
		if (is_at_or_below(changes->items[i].pointer, pattern) || is_at_or_below(pattern, changes->items[i].pointer))
			return true;
	return false;
}

/* Is it a field, or a part of one, that the secretariat writes? */
static bool is_secretariats(const cib_schema *schema, const char *pointer)
{
	char *at = cib_strdup(pointer);
	bool found = false;
	for (char *end; !found && *at; *end = '\0') {
		const char *writer = cib_json_string(cib_schema_field(schema, at), "x-cib-writer");
		found = writer && strcmp(writer, "secretariat") == 0;
		end = strrchr(at, '/');
	}
	free(at);
	return found;
}

const char *cib_review_secretariat_field(cib_workspace *ws, const char *kind_name, const cib_json_changes *changes)
{
	const cib_kind *kind = cib_network_kind(ws->net, kind_name);
	const cib_schema *schema = kind ? cib_network_schema(ws->net, kind, NULL) : NULL;
	for (size_t i = 0; schema && i < changes->count; i++)
		if (is_secretariats(schema, changes->items[i].pointer))
			return changes->items[i].pointer;
	return NULL;
}

bool cib_review_needed(cib_workspace *ws, const cib_review_item *item, const cib_review_detail *detail)
{
	const cJSON *review = cib_json_get(cib_network_json(ws->net), "review");
	const cJSON *policy = cib_json_get(cib_json_get(review, "kinds"), item->kind);
	if (!cJSON_IsObject(review) || cib_review_secretariat_field(ws, item->kind, &detail->changes))
		return true;
	if (!policy)
		policy = cib_json_get(review, "default");
	if (!cJSON_IsArray(policy))
		return !says_none(policy);
	for (const cJSON *p = policy->child; p; p = p->next)
		if (cJSON_IsString(p) && touches(&detail->changes, p->valuestring))
			return true;
	return cib_oid_is_zero(&item->proposed); /* who names fields wants to know of an end, too */
}

/* Those of one member, from items[0] on, that need no reviewer and that nothing speaks against. */
static int choose(cib_decision *list, size_t *n, cib_workspace *ws, const cib_review_item *items, size_t count, cib_error *err)
{
	int status = CIB_OK;
	*n = 0;
	for (size_t i = 0; i < count && status == CIB_OK; i++) {
		cib_review_detail d;
		if (items[i].state != CIB_REVIEW_PENDING)
			continue;
		status = cib_review_detail_load(&d, ws, &items[i], NULL, NULL, err);
		if (status == CIB_OK && d.findings.errors == 0 && d.conflicts == 0 && !d.clashes && !d.awaited && !cib_review_needed(ws, &items[i], &d))
			list[(*n)++] = (cib_decision){.item = &items[i], .kind = CIB_DECIDE_ACCEPT, .by_policy = true};
		cib_review_detail_clear(&d);
	}
	return status;
}

int cib_review_by_policy(size_t *accepted, cib_workspace *ws, cib_error *err)
{
	cib_review_queue q = CIB_REVIEW_QUEUE_INIT;
	*accepted = 0;
	if (!cJSON_IsObject(cib_json_get(cib_network_json(ws->net), "review")))
		return CIB_OK;
	cib_review_chain chain;
	int status = cib_review_chain_begin(&chain, ws, err);
	if (status != CIB_OK)
		return status;
	status = cib_review_list(&q, ws, NULL, err);
	cib_decision *list = cib_alloc((q.count + 1) * sizeof *list);
	for (size_t i = 0, count; i < q.count && status == CIB_OK; i += count) {
		size_t n;
		for (count = 1; i + count < q.count && strcmp(q.items[i + count].member, q.items[i].member) == 0;)
			count++;
		status = choose(list, &n, ws, &q.items[i], count, err);
		if (status == CIB_OK && n) {
			char *message = cib_format("Accept %zu of %s, by the network's policy", n, q.items[i].member);
			status = cib_review_chain_add(&chain, list, n, message, err);
			*accepted += status == CIB_OK ? n : 0;
			free(message);
		}
	}
	status = cib_review_chain_end(&chain, status, err);
	*accepted = status == CIB_OK ? *accepted : 0;
	free(list);
	cib_review_queue_free(&q);
	return status;
}
