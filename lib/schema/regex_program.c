/* From the tree to a program of the own matcher (regex_run.c). Within a lookbehind it reads backwards. */
#include "schema/regex_private.h"

#include <stdlib.h>

typedef struct {
	cib_rx_program *program;
	bool back;
	bool captures; /* somebody refers to them */
} builder;

/* The new instruction; the pointer holds until the next one. */
static cib_rx_instr *emit(builder *b, cib_rx_op op)
{
	cib_rx_program *p = b->program;
	p->code = cib_grow(p->code, &p->cap, p->count + 1, sizeof *p->code);
	p->code[p->count] = (cib_rx_instr){.op = (uint8_t)op, .back = b->back};
	return &p->code[p->count++];
}

static uint32_t here(const builder *b)
{
	return (uint32_t)b->program->count;
}

static void build(builder *b, const cib_rx_node *n);

/* In a lookbehind the last term is read first. */
static void build_sequence(builder *b, const cib_rx_node *n)
{
	if (!b->back) {
		for (; n; n = n->next)
			build(b, n);
		return;
	}
	size_t count = 0;
	for (const cib_rx_node *i = n; i; i = i->next)
		count++;
	const cib_rx_node **terms = cib_alloc((count + 1) * sizeof *terms);
	for (size_t i = 0; i < count; i++, n = n->next)
		terms[i] = n;
	while (count)
		build(b, terms[--count]);
	free(terms);
}

static void build_choice(builder *b, const cib_rx_node *n)
{
	size_t count = 0;
	uint32_t *jumps;
	for (const cib_rx_node *i = n; i; i = i->next)
		count++;
	jumps = cib_alloc(count * sizeof *jumps);
	for (size_t i = 0; n; n = n->next) {
		uint32_t split = here(b);
		if (n->next)
			emit(b, CIB_OP_SPLIT);
		build(b, n);
		if (n->next) {
			jumps[i++] = here(b);
			emit(b, CIB_OP_JUMP);
			b->program->code[split].a = here(b);
		}
	}
	for (size_t i = 0; i + 1 < count; i++)
		b->program->code[jumps[i]].a = here(b);
	free(jumps);
}

static void build_group(builder *b, const cib_rx_node *n)
{
	if (b->captures)
		emit(b, CIB_OP_SAVE)->a = n->group * 2 + b->back;
	build(b, n->child);
	if (b->captures)
		emit(b, CIB_OP_SAVE)->a = n->group * 2 + !b->back;
}

/* Can it match without taking a character? */
static bool nullable(const cib_rx_node *n)
{
	const cib_rx_node *item = n->child;
	switch (n->kind) {
	case CIB_RX_CHAR:
	case CIB_RX_SET:
		return false;
	case CIB_RX_SEQUENCE:
		while (item && nullable(item))
			item = item->next;
		return !item;
	case CIB_RX_CHOICE:
		while (item && !nullable(item))
			item = item->next;
		return item != NULL;
	case CIB_RX_GROUP:
		return nullable(item);
	case CIB_RX_REPEAT:
		return n->min == 0 || nullable(item);
	default:
		return true;
	}
}

/* x*, x+ and x? as branches alone, when no round needs to be counted, found empty, or cleared of its captures. */
static bool build_branches(builder *b, const cib_rx_node *n)
{
	bool optional = n->min == 0 && n->max == 1, groups = b->captures && n->last_group > n->group;
	if (!optional && (n->max != CIB_RX_UNBOUNDED || n->min > 1 || groups))
		return false;
	if (nullable(n->child) && (!optional || groups))
		return false;
	uint32_t start = here(b);
	if (n->min == 0)
		emit(b, CIB_OP_SPLIT)->lazy = n->lazy;
	build(b, n->child);
	if (n->min == 1) {
		cib_rx_instr *again = emit(b, CIB_OP_SPLIT);
		again->a = start;
		again->lazy = !n->lazy;
		return true;
	}
	if (!optional)
		emit(b, CIB_OP_JUMP)->a = start;
	b->program->code[start].a = here(b);
	return true;
}

static void build_repeat(builder *b, const cib_rx_node *n)
{
	cib_rx_program *p = b->program;
	if (n->max == 0)
		return;
	if (n->child->kind == CIB_RX_CHAR || n->child->kind == CIB_RX_SET) {
		cib_rx_instr *run = emit(b, CIB_OP_RUN);
		run->a = n->child->kind == CIB_RX_SET ? (uint32_t)n->child->set : CIB_RX_NO_SET;
		run->c = n->child->c;
		run->min = n->min;
		run->max = n->max;
		run->lazy = n->lazy;
		return;
	}
	if (build_branches(b, n))
		return;
	uint32_t registers = p->registers;
	p->registers += 2;
	emit(b, CIB_OP_START)->b = registers;
	uint32_t at = here(b);
	cib_rx_instr *loop = emit(b, CIB_OP_LOOP), *enter;
	loop->b = registers;
	loop->min = n->min;
	loop->max = n->max;
	loop->lazy = n->lazy;
	enter = emit(b, CIB_OP_ENTER);
	enter->b = registers;
	enter->min = n->group;
	enter->max = b->captures ? n->last_group : n->group;
	build(b, n->child);
	emit(b, CIB_OP_JUMP)->a = at;
	p->code[at].a = here(b);
}

static void build_look(builder *b, const cib_rx_node *n)
{
	bool outside = b->back;
	uint32_t look = here(b);
	emit(b, CIB_OP_LOOK)->negative = n->negative;
	b->back = n->behind;
	build(b, n->child);
	emit(b, CIB_OP_ACCEPT);
	b->back = outside;
	b->program->code[look].a = here(b);
}

static void build(builder *b, const cib_rx_node *n)
{
	switch (n->kind) {
	case CIB_RX_EMPTY:
		break;
	case CIB_RX_CHAR:
		emit(b, CIB_OP_CHAR)->c = n->c;
		break;
	case CIB_RX_SET:
		emit(b, CIB_OP_SET)->a = (uint32_t)n->set;
		break;
	case CIB_RX_SEQUENCE:
		build_sequence(b, n->child);
		break;
	case CIB_RX_CHOICE:
		build_choice(b, n->child);
		break;
	case CIB_RX_GROUP:
		build_group(b, n);
		break;
	case CIB_RX_REPEAT:
		build_repeat(b, n);
		break;
	case CIB_RX_BACK_REFERENCE:
		emit(b, CIB_OP_BACK)->a = n->group;
		break;
	case CIB_RX_BEGIN:
		emit(b, CIB_OP_BEGIN);
		break;
	case CIB_RX_END:
		emit(b, CIB_OP_END);
		break;
	case CIB_RX_WORD_BOUNDARY:
		emit(b, CIB_OP_WORD_BOUNDARY);
		break;
	case CIB_RX_NO_WORD_BOUNDARY:
		emit(b, CIB_OP_NO_WORD_BOUNDARY);
		break;
	case CIB_RX_LOOK:
		build_look(b, n);
		break;
	}
}

void cib_rx_program_build(cib_rx_program *out, cib_rx_tree *tree)
{
	*out = (cib_rx_program){.registers = tree->groups * 2, .sets = tree->sets, .set_count = tree->set_count, .anchored = cib_rx_is_anchored(tree->root)};
	tree->sets = NULL;
	tree->set_count = 0;
	for (size_t i = 0; i < out->set_count; i++)
		cib_rx_set_prepare(&out->sets[i]);
	builder b = {.program = out, .captures = tree->back_reference};
	build(&b, tree->root);
	emit(&b, CIB_OP_ACCEPT);
}

void cib_rx_program_free(cib_rx_program *program)
{
	cib_rx_sets_free(program->sets, program->set_count);
	free(program->code);
	*program = (cib_rx_program){0};
}
