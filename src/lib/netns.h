/*
 * netns: a network namespace of one's own, pinned so that two machines show the same wire.
 */
#ifndef CSDESIGN_NETNS_H
#define CSDESIGN_NETNS_H

#include <stdbool.h>

/* Move this process into a new network namespace, without root in a user namespace of its own that
 * keeps the user's id and holds every capability inside (user_namespaces(7); tcpdump, which sheds
 * privileges when it sees root, then sees none). Dies naming the sysctl that forbids it. */
void netns_enter(void);

/* Bring `lo` up and pin the sysctls that change what TCP does. With `ethernet` lo is made to look
 * like one: MTU 1500 and no segmentation offload, so that a segment sent is a segment seen. */
void netns_pin(bool ethernet);

#endif
