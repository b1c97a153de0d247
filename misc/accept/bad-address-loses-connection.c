/*
 * accept/bad-address-loses-connection: an accept() that cannot tell the address closes the
 * connection.
 *
 * accept() takes the connection from the queue first and writes its address last, where a pointer
 * to nowhere makes it fail with EFAULT and a negative length with EINVAL. By then there is no way
 * back into the queue: the kernel closes the new socket. The caller has no descriptor and the
 * queue is empty; the client, connected long ago, sees FIN and reads an end of file.
 *
 * So an error from accept() does not always mean that the connection still waits. EFAULT and EINVAL
 * are mistakes of the program: to try again would lose one client after the other, each of them
 * served with nothing.
 */
#include <stdint.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "lib/fact.h"
#include "lib/family.h"
#include "lib/must.h"
#include "lib/net.h"
#include "lib/proc.h"

static void play(const char *name, int listener, void *address, socklen_t *length)
{
	int client = connect_loopback(listener), before = open_descriptors();
	char byte;

	await_accept_queue(listener, 1);
	/* Not by the C library, in which a sanitizer would look at the arguments. */
	fact(syscall(SYS_accept4, listener, address, length, SOCK_CLOEXEC), "%s: accept", name);
	fact(accept_queue(listener), "listener queue");
	fact(recv(client, &byte, 1, 0), "client recv");
	fact(open_descriptors() - before, "descriptors more");
	must(close(client));
}

static void scene(void)
{
	int listener = listen_loopback(1);
	struct sockaddr_storage address;
	socklen_t right = sizeof(address), negative = (socklen_t)-1;
	void *nowhere = mmap(NULL, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	play("address nowhere", listener, nowhere, &right);
	play("length nowhere", listener, &address, nowhere);
	play("length negative", listener, &address, &negative);
}

int main(void)
{
	return over_both_families(scene);
}
