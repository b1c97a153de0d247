/*
 * bench: what the programs that measure have in common: where they measure, and how they say it.
 */
#ifndef CSDESIGN_BENCH_H
#define CSDESIGN_BENCH_H

#include <stdbool.h>
#include <sys/resource.h>
#include <time.h>

/* Go into a network namespace of one's own, with the settings of Linux but for congestion control
 * (`congestion`, or NULL for reno): the machine's may be bbr, which paces, and that costs. With
 * `ethernet` lo has its MTU and no offload. */
void bench_scene(bool ethernet, const char *congestion);

/* Run on one processor from now on, and whatever this process starts; -1: anywhere. */
void bench_pin(int processor);

/* Remember KEY=VALUE, to be printed first in the line of JSON; usage error if it is none. */
void bench_label(const char *text);

/* Print `{` and the labels, each with a comma behind it. */
void bench_begin(void);

/* Microseconds: of a clock; of a struct timeval; of processor time, user and system. */
double bench_now(clockid_t clock);
double bench_time(const struct timeval *time);
double bench_us(const struct rusage *usage);

#endif
