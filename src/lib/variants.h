/*
 * variants: one scene, played in several ways, of which only the differences are told.
 *
 * A claim often holds for all types of a socket, or for both versions of IP. The scene is written
 * once; a test that expects "the same" sees at once where a kernel treats one of them differently.
 */
#ifndef CSDESIGN_VARIANTS_H
#define CSDESIGN_VARIANTS_H

#include <stdbool.h>
#include <sys/socket.h>

struct variant {
	const char *name;
	int value;
};

/*
 * Play the scene once for each variant, with its value in `*which`, each time in a process of its
 * own, which ends it, so that nothing of one is left for the next. The facts of the first are
 * printed as they come; of each other one only what differs, as `NAME: FACT`, and `NAME
 * not: FACT` for each that is missing; or, once, `NAME: the same`. NAME is "over IPv6" or the like.
 *
 * Returns main()'s exit status: 0, or what a scene ended with where that was not 0.
 */
int play_variants(const struct variant *variants, int count, int *which, void (*scene)(void));

/* The type of Unix-domain socket that is being played: SOCK_STREAM where nothing was chosen. */
extern int unix_type_played;

/* A pair of them: unix_pair(via), then send on one end and receive on the other. */
enum { SENDER, RECEIVER };
void unix_pair(int ends[2]);

/* Play the scene over STREAM, SEQPACKET and DGRAM; over those two that know a connection; over
 * those two that keep records. */
int over_unix_types(void (*scene)(void));
int over_connected_unix_types(void (*scene)(void));
int over_record_unix_types(void (*scene)(void));

/* Play the scene over all sockets that know a connection: TCP, TCP over IPv6, AF_UNIX STREAM and
 * SEQPACKET; `tcp_played` tells which two. A pair of them; one, fresh; and a listener. */
extern bool tcp_played;
int over_connected_types(void (*scene)(void));
void connected_pair(int ends[2]);
int connected_socket(void);
int connected_listener(int backlog);

#endif
