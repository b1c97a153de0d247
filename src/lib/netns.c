#include "netns.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/ethtool.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "must.h"

static int write_text(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd == -1)
		return -1;
	ssize_t written = write(fd, text, strlen(text));
	int err = errno;

	close(fd);
	errno = err;
	return written == -1 ? -1 : 0;
}

static long read_number(const char *path, long absent)
{
	FILE *file = fopen(path, "re");
	char line[32];
	long value = absent;

	if (!file)
		return absent;
	if (fgets(line, sizeof(line), file))
		value = strtol(line, NULL, 10);
	fclose(file);
	return value;
}

/* unshare(2) gives one errno for several causes; the sysctls tell them apart. */
static _Noreturn void die_forbidden(int err)
{
	if (read_number("/proc/sys/kernel/unprivileged_userns_clone", 1) == 0)
		die("user namespaces are forbidden: run `sysctl kernel.unprivileged_userns_clone=1`"
		    " as root, or run this as root");
	if (read_number("/proc/sys/kernel/apparmor_restrict_unprivileged_userns", 0) == 1)
		die("user namespaces are forbidden: run"
		    " `sysctl kernel.apparmor_restrict_unprivileged_userns=0` as root,"
		    " or run this as root");
	if (read_number("/proc/sys/user/max_user_namespaces", 1) == 0)
		die("user namespaces are forbidden: run `sysctl user.max_user_namespaces=10000`"
		    " as root, or run this as root");
	if (read_number("/proc/sys/user/max_net_namespaces", 1) == 0)
		die("network namespaces are forbidden: run"
		    " `sysctl user.max_net_namespaces=10000` as root");
	if (err == EINVAL)
		die("this kernel has no network namespaces (CONFIG_NET_NS, CONFIG_USER_NS)");
	if (err == EPERM && geteuid() != 0)
		die("user namespaces are forbidden (unshare: EPERM), as they are in a chroot:"
		    " run this as root");
	die("no network namespace: unshare: %s", errno_name(err));
}

/* exec would drop them for a user who is not root: inheritable and ambient ones stay. */
static void keep_capabilities(void)
{
	struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct data[2] = {{0}};

	must((int)syscall(SYS_capget, &header, data));
	data[0].inheritable = data[0].permitted;
	data[1].inheritable = data[1].permitted;
	must((int)syscall(SYS_capset, &header, data));
	for (unsigned long cap = 0; cap < 64; cap++)
		if (data[cap / 32].permitted & (1U << (cap % 32)))
			must(prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, cap, 0, 0));
}

void netns_enter(void)
{
	unsigned uid = geteuid(), gid = getegid();
	char map[64];

	if (uid == 0 && unshare(CLONE_NEWNET) == 0)
		return;
	if (uid == 0 && errno != EPERM)
		die_forbidden(errno);
	if (unshare(CLONE_NEWUSER | CLONE_NEWNET) == -1)
		die_forbidden(errno);
	/* A root without privileges (a container's) becomes somebody else, for tcpdump's sake. */
	snprintf(map, sizeof(map), "%u %u 1", uid ? uid : 1000, uid);
	if (write_text("/proc/self/uid_map", map) == -1)
		die("user namespaces are forbidden to a root without CAP_SYS_ADMIN and CAP_SETFCAP"
		    " (capabilities(7)): give it one of them, or run this as an ordinary user");
	must(write_text("/proc/self/setgroups", "deny"));
	snprintf(map, sizeof(map), "%u %u 1", gid ? gid : 1000, gid);
	must(write_text("/proc/self/gid_map", map));
	keep_capabilities();
}

static void change_lo(int fd, bool ethernet)
{
	struct ifreq request = {.ifr_name = "lo"};
	const __u32 offloads[] = {ETHTOOL_STSO, ETHTOOL_SGSO, ETHTOOL_SGRO};

	if (ethernet) {
		request.ifr_mtu = 1500;
		must(ioctl(fd, SIOCSIFMTU, &request));
		for (size_t i = 0; i < sizeof(offloads) / sizeof(offloads[0]); i++) {
			struct ethtool_value off = {.cmd = offloads[i], .data = 0};

			request.ifr_data = (char *)&off;
			must(ioctl(fd, SIOCETHTOOL, &request));
		}
	}
	must(ioctl(fd, SIOCGIFFLAGS, &request));
	request.ifr_flags = (short)(request.ifr_flags | IFF_UP | IFF_RUNNING);
	must(ioctl(fd, SIOCSIFFLAGS, &request));
}

void netns_pin(bool ethernet)
{
	static const struct {
		const char *path, *value;
	} sysctls[] = {
		/* The machine's default may pace (bbr) and so move every segment in time. */
		{"/proc/sys/net/ipv4/tcp_congestion_control", "reno"},
		/* No tail loss probe: it repeats a segment when the machine was slow. */
		{"/proc/sys/net/ipv4/tcp_early_retrans", "0"},
		/* No holding back of small writes beyond Nagle's rule and TCP_CORK. */
		{"/proc/sys/net/ipv4/tcp_autocorking", "0"},
		/* Buffers are inherited from the machine, which may be tuned. */
		{"/proc/sys/net/ipv4/tcp_rmem", "4096 131072 6291456"},
		{"/proc/sys/net/ipv4/tcp_wmem", "4096 16384 4194304"},
		/* Every invalid segment gets its answer, however fast they come. */
		{"/proc/sys/net/ipv4/tcp_invalid_ratelimit", "0"},
		/* No round trip time of an earlier connection decides about the next one. */
		{"/proc/sys/net/ipv4/tcp_no_metrics_save", "1"},
	};
	int fd = must(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));

	change_lo(fd, ethernet);
	must(close(fd));
	for (size_t i = 0; i < sizeof(sysctls) / sizeof(sysctls[0]); i++)
		if (write_text(sysctls[i].path, sysctls[i].value) == -1)
			die("%s: cannot set '%s': %s", sysctls[i].path, sysctls[i].value,
			    errno_name(errno));
}
