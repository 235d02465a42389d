/* What the secretariat does with what members propose, by dice. */
#include "review/review.h"
#include "dice.h"
#include "oracle.h"
#include "play.h"

#include <stdlib.h>
#include <string.h>

/* Often what some member wrote last: he may think better of it meanwhile. */
static const cib_review_item *choose_item(const cib_review_queue *queue)
{
	size_t at = (size_t)below((int)queue->count);
	int who = below(SECRETARIAT);
	for (size_t i = 0; i < queue->count; i++)
		if (*queue->items[i].id && strstr(sim.last[who], queue->items[i].id))
			at = i;
	return &queue->items[at];
}

/* Main has what was proposed, where nobody else wrote into that entry. */
static void note_accepted(int who, const cib_review_item *item)
{
	const oracle_entry *e = oracle_find(item->path);
	cJSON *doc = entry_at(copy_of(who)->store, &copy_of(who)->tip, item->path), *proposed = entry_of(copy_of(who)->store, &item->proposed);
	sim.accepted++;
	bool written = oracle_accepted(who - SECRETARIAT, item->path, doc);
	bool taken = doc && proposed ? cib_json_equal(doc, proposed) : !doc && !proposed;
	if (e && e->writer != ORACLE_MANY && !(written && taken))
		fail("%s of %s as it was accepted", written ? "MAIN HAS SOMETHING ELSE" : "NOBODY WROTE", item->path);
	cJSON_Delete(doc);
	cJSON_Delete(proposed);
}

static const char *const verbs[] = {"accepts", "returns", "declines"};

/* One item, or those of its member that wait, all at once. */
static void decide(int who, const cib_review_queue *queue, const cib_review_item *item, cib_decision_kind kind, bool all)
{
	cib_error err = CIB_ERROR_INIT;
	int word;
	cJSON *text = oracle_new_word(&word);
	cib_review_comment comment = {(char[]){""}, text->valuestring};
	cib_decision *list = cib_alloc(queue->count * sizeof *list);
	size_t count = 0;
	for (const cib_review_item *i = queue->items; i < queue->items + queue->count; i++)
		if (i == item || (all && i->state == CIB_REVIEW_PENDING && strcmp(i->member, item->member) == 0))
			list[count++] = (cib_decision){.item = i, .kind = kind, .comments = &comment, .comment_count = kind != CIB_DECIDE_ACCEPT};
	int status = cib_review_decide(copy_of(who), list, count, NULL, &err);
	tell("%s %s %s%s (w%d.): %d %s", people[who].user, verbs[kind], item->id, all ? " and all else of that member" : "", word, status, err.message);
	if (status != CIB_OK && status != CIB_FINDINGS && status != CIB_REFUSED)
		fail("review: %d %s", status, err.message);
	if (status == CIB_OK && kind != CIB_DECIDE_ACCEPT)
		oracle_word_written(word, "secretariat");
	for (size_t i = 0; status == CIB_OK && kind == CIB_DECIDE_ACCEPT && i < count; i++)
		note_accepted(who, list[i].item);
	free(list);
	cJSON_Delete(text);
}

static void speak(int who, const cib_review_item *item)
{
	cib_error err = CIB_ERROR_INIT;
	int word;
	char *made = NULL;
	cJSON *text = oracle_new_word(&word);
	tell("%s says w%d. about %s", people[who].user, word, item->id);
	if (cib_dialogue_add(&made, copy_of(who), item->path, "", NULL, text->valuestring, &err) == CIB_OK)
		oracle_word_written(word, "secretariat");
	else
		fail("saying something: %s", err.message);
	free(made);
	cJSON_Delete(text);
}

/* One proposed entry is accepted, returned or declined with a comment, or only spoken about; or all of its member's are accepted. */
void review_something(int who)
{
	cib_review_queue queue = CIB_REVIEW_QUEUE_INIT;
	cib_error err = CIB_ERROR_INIT;
	if (cib_review_list(&queue, copy_of(who), NULL, &err) == CIB_OK && queue.count) {
		const cib_review_item *item = choose_item(&queue);
		int what = below(8);
		if (what == 0)
			speak(who, item);
		else if (what == 1)
			decide(who, &queue, item, below(4) ? CIB_DECIDE_RETURN : CIB_DECIDE_DECLINE, false);
		else
			decide(who, &queue, item, CIB_DECIDE_ACCEPT, what < 5);
	}
	cib_review_queue_free(&queue);
}
