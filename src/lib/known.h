/*
 * known: files whose every byte follows from its offset, and what came out at the other end.
 *
 * Each 8-byte word is another, so nothing repeats: a byte changed, a block lost, doubled or moved
 * by any distance shows, at the offset where it begins.
 */
#ifndef CSDESIGN_KNOWN_H
#define CSDESIGN_KNOWN_H

#include <stddef.h>
#include <sys/types.h>

/* A file of `size` bytes in memory (memfd_create(2)), at position 0; nothing is left of it. */
int known_file(off_t size);

/* The offset of the first of `size` bytes that are not those of a known file from `offset` on; -1
 * when all are. */
off_t known_mismatch(const void *data, size_t size, off_t offset);

/* Read `fd`, a socket or a pipe, to its end, which must be the bytes from offset `from` up to, not
 * including, `to`: "as the file"; or what is the matter: "differs at 70000", "ends at 4096 of
 * 65537", "goes on after 65537", "ECONNRESET at 4096". The text lives until the next call. */
const char *known_to_end(int fd, off_t from, off_t to);

#endif
