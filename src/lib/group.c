#include "group.h"

#include <linux/filter.h>
#include <string.h>
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

static void attach(int member, struct sock_filter *filter, unsigned short length)
{
	struct sock_fprog program, none;

	memset(&none, 0, sizeof(none)); /* the padding, too */
	memset(&program, 0, sizeof(program));
	program.len = length;
	program.filter = filter;

	if (setsockopt(member, SOL_SOCKET, SO_ATTACH_REUSEPORT_CBPF, &none, sizeof(none)) == 0)
		impossible("SO_ATTACH_REUSEPORT_CBPF takes any program, and ignores it");
	must(setsockopt(member, SOL_SOCKET, SO_ATTACH_REUSEPORT_CBPF, &program, sizeof(program)));
}

void group_steer(int member, unsigned index)
{
	struct sock_filter filter[] = {BPF_STMT(BPF_RET | BPF_K, index)};

	attach(member, filter, 1);
}

void group_steer_by_cpu(int member, int cpu)
{
	struct sock_filter filter[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (unsigned)(SKF_AD_OFF + SKF_AD_CPU)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (unsigned)cpu, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, 0),
		BPF_STMT(BPF_RET | BPF_K, 1),
	};

	attach(member, filter, 4);
}

int group_connect(int member)
{
	int queue = accept_queue(member), client = connect_loopback(member);

	await_accept_queue(member, queue + 1);
	return client;
}
