// Where Zephyr has the parts of POSIX that platforms/sdk uses. They stand on zsock_*, and so on the sockets of a modem as well.
#include <zephyr/net/socket.h>

#include <zephyr/posix/arpa/inet.h>
#include <zephyr/posix/netdb.h>
#include <zephyr/posix/netinet/in.h>
#include <zephyr/posix/poll.h>
#include <zephyr/posix/pthread.h>
#include <zephyr/posix/sys/socket.h>
#include <zephyr/posix/time.h>
#include <zephyr/posix/unistd.h>

static inline void posixPause(int ms)
{
	const struct timespec time = {.tv_sec = 0, .tv_nsec = ms * 1000000L};
	nanosleep(&time, NULL);
}
