/* review - what waits for the secretariat, and its decisions. Uses sync's workspace, network, merge and store.
 *
 * Decisions are commits on the secretariat's main; the next sync sends them. Everything here works offline.
 *
 * What a surface of the review (a screen, a page) is made of, from first to last:
 *
 *   the queue       cib_review_overview_load with a filter: rows with what is new, clean, found, alike;
 *                   cib_review_tallies: counts by member; cib_review_overview_looked when it was shown
 *   an item         cib_review_find(member, id, version), cib_review_detail_load: before, after, findings, duplicates, dialogue;
 *                   cib_review_view_make: its fields in words, with the notes that belong beside each;
 *                   cib_each_piece (base.h): the words that differ; or all of it as cib_review_item_json
 *   to decide       cib_review_session_decide and _comment on that item: steps, kept on disk, that bind exactly that version;
 *                   cib_review_session_accept_clean: all of a member that nothing speaks against;
 *                   cib_review_session_next: where to go on
 *   to undo         cib_review_session_undo, step by step
 *   to finish       cib_review_session_finish: the commits; then cib_sync sends them
 *   to answer       cib_dialogue_add, outside of decisions
 *
 *     cib_review_session *sitting;
 *     cib_review_queue queue = CIB_REVIEW_QUEUE_INIT;
 *     if (cib_review_list(&queue, ws, NULL, &err) == CIB_OK && cib_review_session_open(&sitting, ws, &err) == CIB_OK) {
 *             const cib_review_item *item = cib_review_find(&queue, member, id, &version_shown);
 *             if (item && cib_review_session_decide(sitting, item, CIB_SITTING_ACCEPT, &err) == CIB_OK)
 *                     cib_review_session_finish(&outcome, sitting, &err);
 *     }
 *
 * A page holds the id of the version that it showed (item.proposed, in hex) and hands it back: where cib_review_find knows that
 * version no more, a newer one came, and it is the newer one that is to be shown. */
#ifndef CIB_REVIEW_H
#define CIB_REVIEW_H

#include "review/decide.h"
#include "review/dialogue.h"
#include "review/item.h"
#include "review/queue.h"
#include "review/standing.h"

#endif
