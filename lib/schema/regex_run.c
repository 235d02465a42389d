/* The own matcher: it runs a program (regex_program.c) by backtracking, as ECMA-262 section 22.2.2 describes matching, and
 * counts every step.
 *
 * One stack holds what is to be tried when a path fails, and what registers held before it:
 *
 *     | KEEP r, old | BRANCH pc, place | GREEDY pc, place, least | LAZY pc, place, taken | ...
 *
 * A failure pops: KEEP puts a register back, the others go on from their place. An assertion runs on the same stack above
 * a base of its own; when it holds, what it could still try is dropped, but not what it would put back. */
#include "schema/regex_private.h"

#include <stdlib.h>

enum { LOCAL_REGISTERS = 32,
       LOCAL_STACK = 64,
       MAX_STACK = 1 << 20 };
#define UNSET UINT32_MAX /* no place: texts are shorter */

typedef enum { KEEP,
	       BRANCH,
	       GREEDY,
	       LAZY } entry_kind;

typedef struct {
	entry_kind kind;
	uint32_t at; /* an instruction; KEEP: a register */
	uint32_t place, more;
} entry;

typedef struct {
	const cib_rx_program *program;
	const char *text, *end;
	uint32_t *registers;
	entry *stack;
	size_t depth, cap;
	bool on_heap;
	uint64_t steps; /* that are left */
} machine;

static bool push(machine *m, entry_kind kind, uint32_t at, uint32_t place, uint32_t more)
{
	if (m->depth == m->cap) {
		if (m->cap >= MAX_STACK)
			return false;
		entry *stack = cib_alloc(m->cap * 2 * sizeof *stack);
		memcpy(stack, m->stack, m->depth * sizeof *stack);
		if (m->on_heap)
			free(m->stack);
		m->stack = stack;
		m->on_heap = true;
		m->cap *= 2;
	}
	m->stack[m->depth++] = (entry){kind, at, place, more};
	return true;
}

static bool set(machine *m, uint32_t r, uint32_t value)
{
	if (m->registers[r] == value)
		return true;
	if (!push(m, KEEP, r, m->registers[r], 0))
		return false;
	m->registers[r] = value;
	return true;
}

/* The character at a place, in the direction of reading; *next is behind it. false at the end. */
static bool read_char(const machine *m, uint32_t place, bool back, uint32_t *c, uint32_t *next)
{
	const char *p = m->text + place;
	if (back) {
		if (place == 0)
			return false;
		do
			p--;
		while (p > m->text && ((unsigned char)*p & 0xC0) == 0x80);
		*next = (uint32_t)(p - m->text);
		*c = cib_next_char(&p, m->end);
	} else {
		if (p == m->end)
			return false;
		*c = cib_next_char(&p, m->end);
		*next = (uint32_t)(p - m->text);
	}
	return true;
}

static bool take_one(const machine *m, const cib_rx_instr *in, uint32_t set_index, uint32_t *place)
{
	uint32_t c;
	uint32_t next;
	if (!read_char(m, *place, in->back, &c, &next) || !(set_index == CIB_RX_NO_SET ? c == in->c : cib_rx_set_has(&m->program->sets[set_index], c)))
		return false;
	*place = next;
	return true;
}

/* 1 goes on, 0 fails, -1 too costly */
static int run_of_chars(machine *m, const cib_rx_instr *in, uint32_t pc, uint32_t *place)
{
	uint32_t most = in->lazy ? in->min : in->max, taken = 0;
	uint32_t least = *place;
	while (taken < most && take_one(m, in, in->a, place)) {
		if (m->steps-- == 0) {
			m->steps = 0;
			return -1;
		}
		if (++taken == in->min)
			least = *place;
	}
	if (taken < in->min)
		return 0;
	if (in->lazy && in->max > in->min)
		return push(m, LAZY, pc, *place, taken) ? 1 : -1;
	if (*place != least)
		return push(m, GREEDY, pc + 1, *place, least) ? 1 : -1;
	return 1;
}

/* What a group captured, once more; nothing when it has captured nothing. */
static bool back_reference(machine *m, const cib_rx_instr *in, uint32_t *place)
{
	uint32_t from = m->registers[in->a * 2], to = m->registers[in->a * 2 + 1];
	if (from == UNSET || to == UNSET)
		return true;
	uint32_t n = to - from, room = in->back ? *place : (uint32_t)(m->end - m->text) - *place;
	if (n > room || memcmp(m->text + from, m->text + *place - (in->back ? n : 0), n) != 0)
		return false;
	m->steps -= n < m->steps ? n : m->steps;
	*place = in->back ? *place - n : *place + n;
	return true;
}

static bool is_word(const machine *m, uint32_t place)
{
	return m->text + place < m->end && (cib_is_alnum(m->text[place]) || m->text[place] == '_');
}

static bool word_boundary(const machine *m, uint32_t place)
{
	return (place > 0 && is_word(m, place - 1)) != is_word(m, place);
}

/* RepeatMatcher of ECMA-262: a round that took nothing fails, once the rounds that must be are done. */
static int loop(machine *m, const cib_rx_instr *in, uint32_t *pc, uint32_t place)
{
	uint32_t rounds = m->registers[in->b];
	if (rounds > in->min && place == m->registers[in->b + 1])
		return 0;
	uint32_t once_more = *pc + 1;
	if (rounds < in->min) {
		*pc = once_more;
	} else if (in->max != CIB_RX_UNBOUNDED && rounds >= in->max) {
		*pc = in->a;
	} else {
		*pc = in->lazy ? in->a : once_more;
		return push(m, BRANCH, in->lazy ? once_more : in->a, place, 0) ? 1 : -1;
	}
	return 1;
}

static bool enter_round(machine *m, const cib_rx_instr *in, uint32_t place)
{
	bool ok = set(m, in->b, m->registers[in->b] + (m->registers[in->b] < UNSET - 1)) && set(m, in->b + 1, place);
	for (uint32_t r = in->min * 2; ok && r < in->max * 2; r++)
		ok = set(m, r, UNSET);
	return ok;
}

static int run(machine *m, uint32_t pc, uint32_t place);

/* An assertion. Its captures stay when it is positive and holds. */
static int look(machine *m, const cib_rx_instr *in, uint32_t pc, uint32_t place)
{
	size_t base = m->depth;
	int found = run(m, pc + 1, place);
	if (found < 0)
		return found;
	if (found && in->negative) {
		while (m->depth > base)
			if (m->stack[--m->depth].kind == KEEP)
				m->registers[m->stack[m->depth].at] = m->stack[m->depth].place;
	} else if (found) {
		size_t kept = base;
		for (size_t i = base; i < m->depth; i++)
			if (m->stack[i].kind == KEEP)
				m->stack[kept++] = m->stack[i];
		m->depth = kept;
	}
	return found != in->negative;
}

/* Take up the last thing that was left to be tried above `base`. 1, 0 when there is none, -1. */
static int backtrack(machine *m, size_t base, uint32_t *pc, uint32_t *place)
{
	while (m->depth > base) {
		entry e = m->stack[--m->depth];
		uint32_t c;
		if (m->steps-- == 0) {
			m->steps = 0;
			return -1;
		}
		*pc = e.at;
		*place = e.place;
		switch (e.kind) {
		case KEEP:
			m->registers[e.at] = e.place;
			continue;
		case BRANCH:
			return 1;
		case GREEDY: /* one character less */
			read_char(m, e.place, e.more < e.place, &c, place);
			return *place == e.more || push(m, GREEDY, e.at, *place, e.more) ? 1 : -1;
		case LAZY: { /* one more */
			const cib_rx_instr *in = &m->program->code[e.at];
			if (!take_one(m, in, in->a, place))
				continue;
			*pc = e.at + 1;
			return e.more + 1 >= in->max || push(m, LAZY, e.at, *place, e.more + 1) ? 1 : -1;
		}
		}
	}
	return 0;
}

/* Run from an instruction to ACCEPT. 1 it holds, 0 it does not and the stack is as before, -1 too costly. */
static int run(machine *m, uint32_t pc, uint32_t place)
{
	size_t base = m->depth;
	for (;;) {
		const cib_rx_instr *in = &m->program->code[pc];
		int ok = 1;
		if (m->steps-- == 0) {
			m->steps = 0;
			return -1;
		}
		uint32_t next = pc + 1;
		switch ((cib_rx_op)in->op) {
		case CIB_OP_ACCEPT:
			return 1;
		case CIB_OP_CHAR:
			ok = take_one(m, in, CIB_RX_NO_SET, &place);
			break;
		case CIB_OP_SET:
			ok = take_one(m, in, in->a, &place);
			break;
		case CIB_OP_RUN:
			ok = run_of_chars(m, in, pc, &place);
			break;
		case CIB_OP_SPLIT:
			ok = push(m, BRANCH, in->lazy ? next : in->a, place, 0) ? 1 : -1;
			next = in->lazy ? in->a : next;
			break;
		case CIB_OP_JUMP:
			next = in->a;
			break;
		case CIB_OP_SAVE:
			ok = set(m, in->a, place) ? 1 : -1;
			break;
		case CIB_OP_BACK:
			ok = back_reference(m, in, &place);
			break;
		case CIB_OP_BEGIN:
			ok = place == 0;
			break;
		case CIB_OP_END:
			ok = m->text + place == m->end;
			break;
		case CIB_OP_WORD_BOUNDARY:
			ok = word_boundary(m, place);
			break;
		case CIB_OP_NO_WORD_BOUNDARY:
			ok = !word_boundary(m, place);
			break;
		case CIB_OP_LOOK:
			ok = look(m, in, pc, place);
			next = in->a;
			break;
		case CIB_OP_START:
			ok = set(m, in->b, 0) && set(m, in->b + 1, UNSET) ? 1 : -1;
			break;
		case CIB_OP_LOOP:
			next = pc;
			ok = loop(m, in, &next, place);
			break;
		case CIB_OP_ENTER:
			ok = enter_round(m, in, place) ? 1 : -1;
			break;
		}
		pc = next;
		if (ok == 0)
			ok = backtrack(m, base, &pc, &place);
		if (ok != 1)
			return ok;
	}
}

int cib_rx_run(const cib_rx_program *program, const char *text, size_t len, uint64_t steps)
{
	uint32_t registers[LOCAL_REGISTERS];
	entry stack[LOCAL_STACK];
	machine m = {.program = program, .text = text, .end = text + len, .registers = registers, .stack = stack, .cap = LOCAL_STACK, .steps = steps};
	if (program->registers > LOCAL_REGISTERS)
		m.registers = cib_alloc(program->registers * sizeof *m.registers);
	for (uint32_t i = 0; i < program->registers; i++)
		m.registers[i] = UNSET;
	int found = len < UNSET ? 0 : -1;
	for (const char *p = text; !found; cib_next_char(&p, m.end)) {
		found = run(&m, 0, (uint32_t)(p - text));
		if (p == m.end || program->anchored)
			break;
	}
	if (m.registers != registers)
		free(m.registers);
	if (m.on_heap)
		free(m.stack);
	return found;
}
