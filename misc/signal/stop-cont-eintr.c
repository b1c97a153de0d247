/*
 * signal/stop-cont-eintr: a process that is stopped and continued gets EINTR out of some calls,
 * without any handler.
 *
 * Ctrl-Z and fg, a debugger that attaches, a container that is frozen: all stop a process in the
 * middle of what it waits for. Most calls go on where they were. But a few report EINTR, for they
 * were written to give up at any signal: epoll_wait(), sigtimedwait(), semop(), and the socket
 * calls as soon as they have a timeout. Each is asleep, in a process of its own, when it is
 * stopped; no handler is installed at all.
 *
 * So "we have no handlers" is no reason to treat EINTR as an error: the server's epoll loop must be
 * able to go round again.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/epoll.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/select.h>
#include <sys/sem.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "lib/interrupt.h"
#include "lib/must.h"
#include "lib/proc.h"
#include "lib/stuck.h"

static int idle[2], epoll, semaphore, queue;
static sigset_t usr2;

static void wake_idle(pid_t pid)
{
	(void)pid;
	must_n(write(idle[1], "", 1));
}

static long call_epoll_wait(void)
{
	struct epoll_event event;

	return epoll_wait(epoll, &event, 1, -1);
}

static long call_sigtimedwait(void)
{
	return sigtimedwait(&usr2, NULL, &(struct timespec){.tv_sec = 1000}) == -1 ? -1 : 1;
}

static void send_signal(pid_t pid)
{
	must(kill(pid, SIGUSR2));
}

static long call_semop(void)
{
	return semop(semaphore, &(struct sembuf){.sem_op = -1}, 1);
}

static void release_semaphore(pid_t pid)
{
	(void)pid;
	must(semop(semaphore, &(struct sembuf){.sem_op = 1}, 1));
}

/* What woke the call is not left for the next one. */
static long take(long ready)
{
	char byte;

	if (ready == 1)
		must_n(read(idle[0], &byte, 1));
	return ready;
}

static long call_select(void)
{
	fd_set readable;

	FD_ZERO(&readable);
	FD_SET(idle[0], &readable);
	return take(select(idle[0] + 1, &readable, NULL, NULL, NULL));
}

static long call_poll(void)
{
	return take(poll(&(struct pollfd){.fd = idle[0], .events = POLLIN}, 1, -1));
}

static long call_read(void)
{
	char byte;

	return read(idle[0], &byte, 1);
}

static long call_msgrcv(void)
{
	struct {
		long type;
		char byte;
	} message;

	return msgrcv(queue, &message, 1, 0, 0);
}

static void send_message(pid_t pid)
{
	struct {
		long type;
		char byte;
	} message = {1, 0};

	(void)pid;
	must(msgsnd(queue, &message, 1, 0));
}

static long call_nanosleep(void)
{
	return nanosleep(&(struct timespec){.tv_sec = 1000}, NULL);
}

static void stop_sockets(int seconds)
{
	stuck_set_up(seconds);
	for (int i = 0; i < STUCKS; i++) {
		struct blocking blocking = stuck[i];
		char name[64];

		snprintf(name, sizeof(name), "%s%s", stuck[i].name, seconds ? ", timeouts" : "");
		blocking.name = name;
		fact_stopped(&blocking);
	}
}

int main(void)
{
	static const struct blocking calls[] = {
		{"epoll_wait", call_epoll_wait, wake_idle, NULL},
		{"sigtimedwait", call_sigtimedwait, send_signal, NULL},
		{"semop", call_semop, release_semaphore, NULL},
		{"read from a pipe", call_read, wake_idle, NULL},
		{"msgrcv", call_msgrcv, send_message, NULL},
		{"nanosleep", call_nanosleep, NULL, NULL},
		{"select", call_select, wake_idle, NULL},
		{"poll", call_poll, wake_idle, NULL},
	};
	struct epoll_event event = {.events = EPOLLIN};

	must(pipe2(idle, O_CLOEXEC));
	epoll = must(epoll_create1(EPOLL_CLOEXEC));
	must(epoll_ctl(epoll, EPOLL_CTL_ADD, idle[0], &event));
	must(sigemptyset(&usr2));
	must(sigaddset(&usr2, SIGUSR2));
	mask_signal(SIG_BLOCK, SIGUSR2);
	semaphore = semget(IPC_PRIVATE, 1, 0600);
	queue = msgget(IPC_PRIVATE, 0600);
	if (semaphore == -1 || queue == -1)
		impossible("no System V semaphores or queues: %s", errno_name(errno));

	for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++)
		fact_stopped(&calls[i]);
	must(semctl(semaphore, 0, IPC_RMID));
	must(msgctl(queue, IPC_RMID, NULL));
	stop_sockets(1000);
	stop_sockets(0);
	return 0;
}
