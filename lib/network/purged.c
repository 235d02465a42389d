/* What was purged: network.json names by their ids the versions of files and the commits that are never taken again.
 *
 *   "purged": [{"epoch": 1, "date": "2026-03-04", "by": "sec-1", "reason": "...", "blobs": ["9c1f..."], "commits": ["0e4f..."]}]
 *
 * `commits` are the ones where a purged version came in: whoever has one has the old history. Source: docs/operations.md. */
#include "network/private.h"

#include <stdlib.h>
#include <string.h>

static int compare(const void *a, const void *b)
{
	return memcmp(a, b, sizeof(cib_oid));
}

static void load_ids(purged_ids *out, const cJSON *list)
{
	for (const cJSON *i = cJSON_IsArray(list) ? list->child : NULL; i; i = i->next) {
		cib_oid oid;
		if (!cJSON_IsString(i) || !cib_oid_parse(&oid, i->valuestring))
			continue;
		out->items = cib_grow(out->items, &out->cap, out->count + 1, sizeof *out->items);
		out->items[out->count++] = oid;
	}
}

void cib_network_load_purged(cib_network *net)
{
	const cJSON *list = cib_json_get(net->json, "purged");
	for (const cJSON *p = cJSON_IsArray(list) ? list->child : NULL; p; p = p->next) {
		load_ids(&net->purged_blobs, cib_json_get(p, "blobs"));
		load_ids(&net->purged_commits, cib_json_get(p, "commits"));
	}
	if (net->purged_blobs.count)
		qsort(net->purged_blobs.items, net->purged_blobs.count, sizeof(cib_oid), compare);
	if (net->purged_commits.count)
		qsort(net->purged_commits.items, net->purged_commits.count, sizeof(cib_oid), compare);
}

static bool has(const purged_ids *ids, const cib_oid *oid)
{
	return ids->count && bsearch(oid, ids->items, ids->count, sizeof *oid, compare);
}

bool cib_network_purged_blob(const cib_network *net, const cib_oid *blob)
{
	return has(&net->purged_blobs, blob);
}

bool cib_network_purged_commit(const cib_network *net, const cib_oid *commit)
{
	return has(&net->purged_commits, commit);
}

const cib_oid *cib_network_purged_blobs(const cib_network *net, size_t *count)
{
	*count = net->purged_blobs.count;
	return net->purged_blobs.items;
}

const cib_oid *cib_network_purged_commits(const cib_network *net, size_t *count)
{
	*count = net->purged_commits.count;
	return net->purged_commits.items;
}

size_t cib_network_epoch(const cib_network *net)
{
	const cJSON *list = cib_json_get(net->json, "purged");
	return cJSON_IsArray(list) ? (size_t)cJSON_GetArraySize(list) : 0;
}

bool cib_network_keeps_purged(const cJSON *before, const cJSON *after)
{
	const cJSON *old = cib_json_get(before, "purged"), *now = cib_json_get(after, "purged");
	const cJSON *n = cJSON_IsArray(now) ? now->child : NULL;
	for (const cJSON *o = cJSON_IsArray(old) ? old->child : NULL; o; o = o->next, n = n->next)
		if (!n || !cib_json_identical(o, n))
			return false;
	return true;
}
