/*
 * scm/stream-barrier: descriptors divide a stream: no read goes past the end of a send that had
 * some.
 *
 * A stream keeps no boundaries between sends, but descriptors belong to the bytes they were sent
 * with. So a recvmsg() that has taken descriptors stops where the bytes of that send end, however
 * much more is queued, and never returns those of two sends. Bytes in front of them do not stop it:
 * AA, sent without, is read in one piece with BB and its descriptor; so is what was left of a send
 * whose descriptor an earlier read has taken. MSG_WAITALL, which otherwise
 * waits for a full buffer, gives way to the same rule.
 *
 * So a descriptor comes with the last bytes of a read, not with the first: a protocol in which the
 * header says whether a descriptor follows should send the header with it, and a reader must not
 * take it for that of the bytes in front.
 */
#include <sys/socket.h>

#include "lib/cargo.h"
#include "lib/net.h"
#include "lib/variants.h"

static void send_all_five(int via)
{
	send_all(via, "AA", 2);
	send_numbered(via, "BB", 1);
	send_all(via, "CC", 2);
	send_numbered(via, "DD", 2);
	send_all(via, "EE", 2);
}

int main(void)
{
	int via[2];

	unix_pair(via);
	send_all_five(via[SENDER]);
	for (int i = 0; i < 4; i++)
		fact_received(via[RECEIVER], 100, 0, "receiver");

	send_all_five(via[SENDER]);
	/* The last one is what it asks for, and no more: it would wait. */
	fact_received(via[RECEIVER], 100, MSG_WAITALL, "receiver with MSG_WAITALL");
	fact_received(via[RECEIVER], 100, MSG_WAITALL, "receiver with MSG_WAITALL");
	fact_received(via[RECEIVER], 2, MSG_WAITALL, "receiver with MSG_WAITALL");

	send_numbered(via[SENDER], "FF", 3);
	send_numbered(via[SENDER], "GG", 4);
	fact_received(via[RECEIVER], 100, 0, "receiver");
	fact_received(via[RECEIVER], 100, 0, "receiver");

	/* Once its descriptor is taken, what is left of a send is like any other data. */
	send_numbered(via[SENDER], "HHHH", 5);
	send_numbered(via[SENDER], "II", 6);
	fact_received(via[RECEIVER], 2, 0, "receiver of 2");
	fact_received(via[RECEIVER], 100, 0, "receiver");
	return 0;
}
