#include "group.h"

#include <linux/filter.h>
#include <sys/socket.h>

#include "family.h"
#include "must.h"
#include "net.h"

void group_listen(int members[], int count, int backlog)
{
	struct sockaddr_storage address;
	socklen_t length = loopback_address(0, &address);

	for (int i = 0; i < count; i++) {
		members[i] = must(socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0));
		set_option(members[i], SOL_SOCKET, SO_REUSEPORT, 1);
		must(bind(members[i], (struct sockaddr *)&address, length));
		must(listen(members[i], backlog));
		length = loopback_address(local_port(members[0]), &address);
	}
}

void group_steer(int member, unsigned index)
{
	struct sock_filter filter[] = {BPF_STMT(BPF_RET | BPF_K, index)};
	static struct sock_fprog program,
		none; /* static: its padding is 0, not what the stack held */

	program.len = 1;
	program.filter = filter;

	if (setsockopt(member, SOL_SOCKET, SO_ATTACH_REUSEPORT_CBPF, &none, sizeof(none)) == 0)
		impossible("SO_ATTACH_REUSEPORT_CBPF takes any program, and ignores it");
	must(setsockopt(member, SOL_SOCKET, SO_ATTACH_REUSEPORT_CBPF, &program, sizeof(program)));
}

int group_connect(int member)
{
	int queue = accept_queue(member), client = connect_loopback(member);

	await_accept_queue(member, queue + 1);
	return client;
}
