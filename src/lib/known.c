#include "known.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "must.h"

enum { WORD = sizeof(uint64_t), PIECE = 64 * 1024 };

/* The factor is odd, so no two words of a file are equal; it is large, so that no byte of a word is
 * always 0. */
static uint64_t word_at(uint64_t index)
{
	return (index + 1) * 0x9e3779b97f4a7c15;
}

/* PIECE bytes of the file, and the word that `offset` may start in the middle of; returns where
 * `offset` stands. */
static const char *known_piece(off_t offset)
{
	static uint64_t words[PIECE / WORD + 1];

	for (uint64_t i = 0; i <= PIECE / WORD; i++)
		words[i] = word_at((uint64_t)offset / WORD + i);
	return (const char *)words + offset % WORD;
}

int known_file(off_t size)
{
	int fd = must(memfd_create("known", MFD_CLOEXEC));

	for (off_t done = 0; done < size;) {
		size_t piece = size - done < PIECE ? (size_t)(size - done) : PIECE;

		done += must_n(write(fd, known_piece(done), piece));
	}
	must_n(lseek(fd, 0, SEEK_SET));
	return fd;
}

off_t known_mismatch(const void *data, size_t size, off_t offset)
{
	for (const char *next = data; size > 0;) {
		size_t piece = size < PIECE ? size : PIECE;
		const char *known = known_piece(offset);

		if (memcmp(next, known, piece) != 0) {
			size_t same = 0;

			while (next[same] == known[same])
				same++;
			return offset + (off_t)same;
		}
		next += piece;
		offset += (off_t)piece;
		size -= piece;
	}
	return -1;
}

const char *known_to_end(int fd, off_t from, off_t to)
{
	static char text[96], piece[PIECE];
	off_t at = from, wrong = -1;
	ssize_t got = 0;

	/* On after a difference too: nobody is reset who is still at work, but who never ends. */
	while (at <= to && (got = read(fd, piece, sizeof(piece))) > 0) {
		if (wrong == -1)
			wrong = known_mismatch(piece, (size_t)got, at);
		at += got;
	}
	if (got == -1)
		snprintf(text, sizeof(text), "%s at %lld", errno_name(errno), (long long)at);
	else if (wrong != -1 && wrong < to)
		snprintf(text, sizeof(text), "differs at %lld", (long long)wrong);
	else if (at > to)
		snprintf(text, sizeof(text), "goes on after %lld", (long long)to);
	else if (at < to)
		snprintf(text, sizeof(text), "ends at %lld of %lld", (long long)at, (long long)to);
	else
		return "as the file";
	return text;
}
