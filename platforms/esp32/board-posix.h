// Where ESP-IDF has the parts of POSIX that platforms/sdk uses: lwIP's sockets, and its own poll and pthreads.
#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <pthread.h>
#include <sys/poll.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

// ESP-IDF has no nanosleep()
static inline void posixPause(int ms)
{
	usleep((useconds_t)ms * 1000);
}
