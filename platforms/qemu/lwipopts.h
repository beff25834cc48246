// lwIP on this board: IPv4, UDP, TCP, DHCP and DNS, without an operating system, within some 10 KB of RAM.

#ifndef LWIPOPTS_H
#define LWIPOPTS_H

#define NO_SYS 1
#define SYS_LIGHTWEIGHT_PROT 0
#define LWIP_SOCKET 0
#define LWIP_NETCONN 0

#define LWIP_IPV4 1
#define LWIP_IPV6 0
#define LWIP_UDP 1
#define LWIP_TCP 1
#define LWIP_DHCP 1
#define LWIP_DNS 1
#define LWIP_ARP 1
#define LWIP_ICMP 1
#define LWIP_RAW 0

// The emulated network hands out an address that nobody else has: no time is lost on asking.
#define LWIP_ACD 0
#define LWIP_DHCP_DOES_ACD_CHECK 0

// Frames that come in and datagrams that go out are taken from one heap, each in one piece: 3,180 bytes at most for a
// firmware image over https while the registration is over DTLS. What finds no room is lost, as on the way.
#define MEM_ALIGNMENT 4
#define MEM_SIZE (5 * 1024)
#define PBUF_POOL_SIZE 0
#define MEMP_NUM_PBUF 4
#define MEMP_NUM_UDP_PCB 6
#define IP_REASSEMBLY 0
#define IP_FRAG 0
#define ARP_TABLE_SIZE 4
#define ARP_QUEUEING 0

// TCP is there to fetch firmware: one connection, and another that is being closed. Two frames may be on their way here,
// which the heap below holds; no segment waits for one before it.
#define TCP_MSS 1460
#define TCP_WND (2 * TCP_MSS)
#define TCP_SND_BUF (2 * TCP_MSS)
#define TCP_SND_QUEUELEN 8
#define TCP_QUEUE_OOSEQ 0
#define TCP_OVERSIZE 0
#define MEMP_NUM_TCP_PCB 2
#define MEMP_NUM_TCP_PCB_LISTEN 1
#define MEMP_NUM_TCP_SEG TCP_SND_QUEUELEN

#define DNS_TABLE_SIZE 2
#define DNS_MAX_NAME_LENGTH 128

#define LWIP_STATS 0
#define LWIP_DEBUG 0

#endif
