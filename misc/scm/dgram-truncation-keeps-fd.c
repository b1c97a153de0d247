/*
 * scm/dgram-truncation-keeps-fd: a datagram cut short still delivers its descriptors.
 *
 * Data and descriptors have rooms of their own. Where the receiver offers fewer bytes than the
 * datagram or record has, the rest of the bytes is lost and MSG_TRUNC says so; the descriptors
 * arrive in full, even where there is room for no byte at all. A record without descriptors between
 * two with them stays without: what belongs to one is never told with another.
 *
 * So MSG_TRUNC is an error of the data only, and a receiver that throws such a message away must
 * close the descriptors first. On a stream nothing is lost: the rest of the bytes comes with the
 * next call, the descriptor came with the first (the last facts).
 */
#include <sys/socket.h>

#include "lib/cargo.h"
#include "lib/fact.h"
#include "lib/net.h"
#include "lib/variants.h"

static void scene(void)
{
	int via[2];

	unix_pair(via);
	send_numbered(via[SENDER], "0123456789", 1);
	send_all(via[SENDER], "plain", 5);
	send_numbered(via[SENDER], "second", 2);
	send_numbered(via[SENDER], "third", 3);
	fact_received(via[RECEIVER], 4, 0, "receiver of 4");
	fact_received(via[RECEIVER], 100, 0, "receiver of 100");
	fact_received(via[RECEIVER], 0, 0, "receiver of 0");
	fact_received(via[RECEIVER], 100, 0, "receiver of 100");
	fact_received(via[RECEIVER], 100, 0, "receiver of 100");
}

int main(void)
{
	int via[2], status = over_record_unix_types(scene);

	unix_pair(via);
	send_numbered(via[SENDER], "0123456789", 1);
	fact_received(via[RECEIVER], 4, 0, "stream receiver of 4");
	fact_received(via[RECEIVER], 100, 0, "stream receiver of 100");
	return status;
}
