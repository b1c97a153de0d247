/*
 * scm/zero-length-data: on a stream a descriptor without data goes nowhere, and nobody is told.
 *
 * Descriptors travel with bytes. A stream has no empty messages: sendmsg() of no bytes returns 0,
 * which is what it sent, and queues nothing, so the receiver finds nothing and the reference is
 * dropped at once. A datagram or a record may be empty, and arrives with its descriptor; the
 * receiver's call then returns 0, which on a stream would be the end.
 *
 * So always send at least one byte with a descriptor. And on SOCK_SEQPACKET or SOCK_DGRAM look for
 * descriptors even if recvmsg() returned 0, or an empty record makes a receiver leak one.
 */
#include <sys/socket.h>
#include <unistd.h>

#include "lib/cargo.h"
#include "lib/fact.h"
#include "lib/must.h"
#include "lib/scm.h"
#include "lib/variants.h"

static const char *type;

static void scene(void)
{
	int via[2], writer;

	unix_pair(via);
	int pipe = witness(&writer);

	fact(send_fds(via[SENDER], "", 0, &writer, 1), "%s sender sendmsg of a pipe, no data",
	     type);
	must(close(writer));
	fact_text("witness, the sender's closed", "%s", witness_says(pipe));
	fact_received(via[RECEIVER], 16, 0, "receiver");

	int file = numbered_file(7);

	fact(send_fds(via[SENDER], "", 0, &file, 1), "sender sendmsg of file 7, no data");
	send_numbered(via[SENDER], "A", 8);
	fact_received(via[RECEIVER], 16, 0, "receiver");
	fact_received(via[RECEIVER], 16, 0, "receiver");
}

int main(void)
{
	type = "STREAM";
	scene();
	type = "SEQPACKET";
	return over_record_unix_types(scene);
}
