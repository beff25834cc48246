// What platforms/sdk uses of POSIX sockets, for compilers whose C library has none: declarations only, for checking.
#include <fcntl.h>
#include <stdint.h>
#include <sys/types.h>
#include <time.h>
#include <unistd.h>

#define AF_INET 2
#define AF_INET6 10
#define SOCK_STREAM 1
#define SOCK_DGRAM 2
#define SOL_SOCKET 1
#define SO_ERROR 4
#define IPPROTO_TCP 6
#define IPPROTO_UDP 17
#define MSG_TRUNC 32
#define INET6_ADDRSTRLEN 46
#define POLLIN 1
#define POLLOUT 4
#ifndef O_NONBLOCK
#define O_NONBLOCK 2048
#endif
// newlib has the types of threads in <sys/types.h>, picolibc has none
#ifdef __PICOLIBC__
typedef uint32_t pthread_t;
typedef uint32_t pthread_mutex_t;
typedef struct { int unused; } pthread_attr_t;
#endif
#ifndef PTHREAD_MUTEX_INITIALIZER
#define PTHREAD_MUTEX_INITIALIZER 0
#endif

typedef unsigned socklen_t;
typedef uint16_t sa_family_t;
struct in_addr { uint32_t s_addr; };
struct in6_addr { uint8_t s6_addr[16]; };
struct sockaddr { sa_family_t sa_family; char sa_data[14]; };
struct sockaddr_in { sa_family_t sin_family; uint16_t sin_port; struct in_addr sin_addr; };
struct sockaddr_in6 { sa_family_t sin6_family; uint16_t sin6_port; struct in6_addr sin6_addr; };
struct sockaddr_storage { sa_family_t ss_family; uint32_t space[7]; };
struct iovec { void* iov_base; size_t iov_len; };
struct msghdr { void* msg_name; socklen_t msg_namelen; struct iovec* msg_iov; int msg_iovlen; int msg_flags; };
struct pollfd { int fd; short events; short revents; };
struct addrinfo { int ai_family; int ai_socktype; struct sockaddr* ai_addr; struct addrinfo* ai_next; };

uint16_t htons(uint16_t);
uint16_t ntohs(uint16_t);
int inet_pton(int, const char*, void*);
const char* inet_ntop(int, const void*, char*, socklen_t);
int socket(int, int, int);
int bind(int, const struct sockaddr*, socklen_t);
int connect(int, const struct sockaddr*, socklen_t);
int getsockopt(int, int, int, void*, socklen_t*);
int getsockname(int, struct sockaddr*, socklen_t*);
ssize_t recvmsg(int, struct msghdr*, int);
ssize_t recv(int, void*, size_t, int);
ssize_t send(int, const void*, size_t, int);
int poll(struct pollfd*, int, int);
int getaddrinfo(const char*, const char*, const struct addrinfo*, struct addrinfo**);
void freeaddrinfo(struct addrinfo*);
int pthread_mutex_lock(pthread_mutex_t*);
int pthread_mutex_unlock(pthread_mutex_t*);
int pthread_create(pthread_t*, const pthread_attr_t*, void* (*)(void*), void*);
int pthread_detach(pthread_t);
void posixPause(int ms);
