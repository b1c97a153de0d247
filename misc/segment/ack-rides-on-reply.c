/*
 * segment/ack-rides-on-reply: an answer that is quick enough carries the ACK of the question.
 *
 * That is what the delay is for (segment/ack-delayed-40ms): question and answer cost two packets,
 * not three. How quick a machine is cannot be claimed, so the scene asks again, a thousand times at
 * most, until an answer was in time: then the server's kernel has sent one segment, the answer, and
 * by it the client knows that its question was received.
 *
 * So a server that answers at once saves packets by the delay; one that must think longer than that
 * loses nothing either, because the ACK goes before it by timer.
 */
#include <linux/sockios.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/fact.h"
#include "lib/family.h"
#include "lib/info.h"
#include "lib/must.h"
#include "lib/net.h"

static void scene(void)
{
	char data[10] = "";
	int ends[2], unacknowledged = 0;
	long segments;

	tcp_pair(ends);
	for (int round = 0; round < 1000; round++) {
		set_option(ends[SERVER], IPPROTO_TCP, TCP_QUICKACK, 0);
		segments = tcp_counts(ends[SERVER]).segments_out;
		send_all(ends[CLIENT], data, sizeof(data));
		recv_all(ends[SERVER], data, sizeof(data));
		send_all(ends[SERVER], data, sizeof(data));
		recv_all(ends[CLIENT], data, sizeof(data));
		must(ioctl(ends[CLIENT], SIOCOUTQ, &unacknowledged));
		segments = tcp_counts(ends[SERVER]).segments_out - segments;
		if (segments == 1)
			break;
	}
	fact(segments, "server segments, answer and ACK");
	fact(unacknowledged, "client's bytes not acknowledged");

	must(close(ends[CLIENT]));
	await_hangup(ends[SERVER]);
	must(close(ends[SERVER]));
}

int main(void)
{
	return over_both_families(scene);
}
