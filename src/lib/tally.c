#include "tally.h"

#include <errno.h>
#include <stdio.h>
#include <sys/mman.h>

#include "must.h"
#include "server.h"

struct tally *tally_make(int count)
{
	void *memory = mmap(NULL, (size_t)count * sizeof(struct tally), PROT_READ | PROT_WRITE,
			    MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (memory == MAP_FAILED)
		die("mmap: %s", errno_name(errno));
	return memory;
}

void tally_report(const struct tally *tallies, int count, const char *who)
{
	unsigned long total = 0;

	for (int i = 0; i < count; i++) {
		printf("%s %d: %lu\n", who, i, tallies[i].connections);
		total += tallies[i].connections;
	}
	server_report(total);
}
