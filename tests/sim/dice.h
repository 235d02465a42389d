/* What a seed decides: dice, the random bytes that the library asks for, and how long it waits. */
#ifndef SIM_DICE_H
#define SIM_DICE_H

#include <stdint.h>

void dice_begin(unsigned long seed);
uint64_t dice_roll(void);
int below(int n); /* 0 to n - 1 */

#endif
