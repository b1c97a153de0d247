/*
 * proc: other processes and threads of a scene: park them, see where they are, let them go on.
 *
 * A race is forced, never hoped for: park one side, see it asleep in the call under test, act on
 * the other. Nothing here sleeps to synchronise; where only the kernel knows a state, it is
 * polled, and the world's deadline ends a wait that would not end.
 */
#ifndef CSDESIGN_PROC_H
#define CSDESIGN_PROC_H

#include <signal.h>
#include <stdbool.h>
#include <sys/types.h>

/* fork(), or death. The child dies with its parent (PR_SET_PDEATHSIG). */
pid_t must_fork(void);

/* Wait for a child to end; returns the status as waitpid(2) gives it. */
int reap(pid_t pid);

/* A thread's state as /proc/TID/status has it: 'R', 'S', 'T', ...; '\0' when it has ended, even if
 * nobody has reaped it yet. */
char thread_state(pid_t tid);

/* Pause a fraction of a millisecond: for a loop that polls what only the kernel knows. */
void nap(void);

/* Return when the thread `tid` (a process's pid is its main thread) sleeps inside a system call.
 * Die when it ends instead. */
void await_asleep(pid_t tid);

/* voluntary_ctxt_switches of a thread: how often it went to sleep, which counts its wake-ups.
 * Impossible where the kernel does not count them; which counts_switches() tells. */
long voluntary_switches(pid_t tid);
bool counts_switches(void);

/* Return when the thread sleeps in a system call and its going to sleep has been counted: its state
 * reads 'S' a moment before it leaves the CPU. For one that was woken, found nothing, and sleeps
 * again without having come back. Impossible where /proc/TID/syscall does not tell. */
void await_off_cpu(pid_t tid);

/* How many descriptors this process, or another of the same user, has open (/proc/PID/fd); -1 when
 * that has ended. */
int open_descriptors(void);
int descriptors_of(pid_t pid);

/* The children of a process, those that ended and were not reaped included: stores up to `room`
 * pids in ascending order, returns how many there are. Takes milliseconds: it reads all of /proc.
 */
int children_of(pid_t pid, pid_t *children, int room);

/* Install `handler` (or SIG_DFL, SIG_IGN) with `flags` such as SA_RESTART and an empty mask. */
void on_signal(int signal, void (*handler)(int), int flags);

/* Count the arrivals of `signal` in a handler with `flags`; and how many there were, of all signals
 * so counted, since this was last asked. */
void count_signal(int signal, int flags);
int signals_counted(void);

/* To be called where a handler must run while the call that it interrupts still waits. Impossible
 * under ThreadSanitizer, which keeps a signal back until that call returns; LLVM 19 does so no more
 * (pull request 77789) where it knows the call, as it does not know sendfile(), splice() or
 * flock().
 */
void needs_prompt_handlers(void);

/* SIG_BLOCK or SIG_UNBLOCK one signal for this thread. */
void mask_signal(int how, int signal);

/* A one-way gate between processes: gate_wait() blocks until another process has opened the gate;
 * the deadline ends it where nobody does. Each opening lets one wait through. Made before fork().
 */
struct gate {
	int ends[2];
};
void gate_make(struct gate *gate);
void gate_open(struct gate *gate);
void gate_wait(struct gate *gate);

#endif
