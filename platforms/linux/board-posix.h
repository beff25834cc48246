// Where this system has the parts of POSIX that platforms/sdk uses.
#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

static inline void posixPause(int ms)
{
	const struct timespec time = {.tv_sec = 0, .tv_nsec = ms * 1000000L};
	nanosleep(&time, NULL);
}
