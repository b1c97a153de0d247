/*
 * tls/send-and-close: with TLS in the kernel, send, sendfile, close and reset work as with TCP.
 *
 * Once a handshake is done, a program may hand the keys to the kernel: TCP_ULP "tls", then TLS_TX
 * on the end that sends and TLS_RX on the one that receives. Here both have the same fixed key.
 * What is sent is enciphered on the way, and the peer reads it plain; so are a file by sendfile()
 * and what MSG_MORE held back. close() ends the stream with FIN, and the reader gets 0, for the
 * kernel sends no close_notify of its own. Zero linger time, or input left unread, resets the
 * connection: ECONNRESET once, then 0. Who sends then gets SIGPIPE, but not EPIPE: the kernel has
 * taken the byte for a record, and counts it, before TCP refuses the record.
 *
 * So a server keeps sendfile() under TLS, and what it knows of errors, but for one: what send()
 * says it took may be lost with the connection, as over TCP what is queued may. To tell the end
 * from a cut it must send the alert close_notify itself, as a control message of the type
 * TLS_SET_RECORD_TYPE.
 */
#include <errno.h>
#include <linux/tls.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/fact.h"
#include "lib/family.h"
#include "lib/known.h"
#include "lib/must.h"
#include "lib/net.h"
#include "lib/proc.h"

enum { SIZE = 20000 }; /* more than a record, less than the buffers */

static void use_key(int fd, int direction)
{
	struct tls12_crypto_info_aes_gcm_128 key = {
		.info = {.version = TLS_1_2_VERSION, .cipher_type = TLS_CIPHER_AES_GCM_128}};

	if (setsockopt(fd, SOL_TLS, direction, &key, sizeof(key)) == -1)
		impossible("TLS_TX, TLS_RX: %s", errno_name(errno));
}

static void tls_pair(int ends[2])
{
	tcp_pair(ends);
	for (int i = 0; i < 2; i++) {
		char name[16] = "";
		socklen_t length = sizeof(name);

		if (setsockopt(ends[i], IPPROTO_TCP, TCP_ULP, "tls", 3) == -1)
			impossible("TCP_ULP tls: %s", errno_name(errno));
		if (getsockopt(ends[i], IPPROTO_TCP, TCP_ULP, name, &length) == -1 ||
		    strcmp(name, "tls") != 0)
			impossible("TCP_ULP tls is taken, and ignored");
		use_key(ends[i], TLS_TX);
		use_key(ends[i], TLS_RX);
	}
}

static void scene(void)
{
	int ends[2], file = known_file(SIZE);
	off_t offset = 0;
	char bytes[16];

	tls_pair(ends);
	fact(send(ends[SERVER], "hel", 3, MSG_MORE), "server send with MSG_MORE");
	fact(send(ends[SERVER], "lo", 2, 0), "server send");
	fact(recv(ends[CLIENT], bytes, 5, MSG_WAITALL), "client recv");
	fact_text("client recv", "%.5s", bytes);
	fact(sendfile(ends[SERVER], file, &offset, SIZE), "server sendfile");
	must(close(ends[SERVER]));
	fact_text("client recv to the end", "%s", known_to_end(ends[CLIENT], 0, SIZE));
	must(close(ends[CLIENT]));

	tls_pair(ends);
	set_linger_zero(ends[SERVER]);
	must(close(ends[SERVER]));
	await_hangup(ends[CLIENT]);
	fact(recv(ends[CLIENT], bytes, 5, 0), "client recv after RST");
	fact(recv(ends[CLIENT], bytes, 5, 0), "client recv again");
	fact(send(ends[CLIENT], "x", 1, 0), "client send");
	fact(signals_counted(), "client SIGPIPE");
	must(close(ends[CLIENT]));

	tls_pair(ends);
	send_all(ends[CLIENT], "unread", 6);
	await_acked(ends[CLIENT]);
	must(close(ends[SERVER]));
	await_hangup(ends[CLIENT]);
	fact(recv(ends[CLIENT], bytes, 5, 0), "client recv after close() with unread input");
}

int main(void)
{
	count_signal(SIGPIPE, 0);
	return over_both_families(scene);
}
