#include "info.h"

#include <linux/tcp.h> /* not with netinet/tcp.h, whose struct tcp_info is shorter */
#include <netinet/in.h>
#include <stddef.h>
#include <sys/socket.h>

#include "must.h"
#include "proc.h"

enum { STATE_CLOSE = 7 }; /* TCP_CLOSE, which only netinet/tcp.h has */

static struct tcp_info tcp_info(int fd)
{
	struct tcp_info info = {0};
	socklen_t length = sizeof(info);

	must(getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &length));
	if (length < offsetof(struct tcp_info, tcpi_snd_wnd) + sizeof(info.tcpi_snd_wnd))
		impossible("TCP_INFO does not tell the peer's window");
	return info;
}

struct counts tcp_counts(int fd)
{
	struct tcp_info info = tcp_info(fd);

	return (struct counts){.segments_out = info.tcpi_segs_out,
			       .segments_in = info.tcpi_segs_in,
			       .data_out = info.tcpi_data_segs_out,
			       .repeated = info.tcpi_total_retrans,
			       .window = info.tcpi_snd_wnd};
}

void await_segments_in(int fd, long count)
{
	struct tcp_info info = tcp_info(fd);

	while (info.tcpi_segs_in < count && info.tcpi_state != STATE_CLOSE) {
		nap();
		info = tcp_info(fd);
	}
}
