/*
 * unix: Unix-domain sockets for a scene (unix(7)).
 *
 * Their names are abstract, so that nothing is left in a directory, and all different; connect_to()
 * (net.h) finds them. A pair is one call: socketpair().
 */
#ifndef CSDESIGN_UNIX_H
#define CSDESIGN_UNIX_H

/* "STREAM", "SEQPACKET" or "DGRAM", for the name of a fact. */
const char *unix_type(int type);

/* A socket of this type with a name; the same, listening. */
int unix_bound(int type);
int unix_listener(int type, int backlog);

/* A socket of this type connected to the one that has the name of `other`. */
int unix_connected(int type, int other);

#endif
