/*
 * family: one scene, played over IPv4 and over IPv6.
 *
 * TCP does not care what carries it, and neither may a claim about it. The scene is written once;
 * what lib/net makes follows the family that is being played.
 */
#ifndef CSDESIGN_FAMILY_H
#define CSDESIGN_FAMILY_H

#include <sys/socket.h>

/* AF_INET, or AF_INET6 while a scene is played over IPv6. */
extern int family;

/* The loopback address of the family, 127.0.0.1 or ::1, with this port in host order; returns its
 * length. */
socklen_t loopback_address(int port, struct sockaddr_storage *out);

/* The same for the address that means any (0.0.0.0, ::). */
socklen_t any_address(int port, struct sockaddr_storage *out);

/*
 * Play the scene over IPv4, then over IPv6, each in a process of its own that ends it, so that
 * nothing of the first is left for the second; the scene returns when it is through. The facts of
 * IPv4 are printed as they come; of those over IPv6 only what differs, as `over IPv6: FACT`, and
 * `over IPv6 not: FACT` for each that is missing; or, once, `over IPv6: the same`.
 *
 * Returns main()'s exit status: 0, or what a scene ended with where that was not 0.
 */
int over_both_families(void (*scene)(void));

/* The same for a scene that is played in two other ways: "on TCP" or "SEQPACKET" is the name of
 * the second, where the above says "over IPv6". */
int over_both(void (*first)(void), void (*second)(void), const char *name);

#endif
