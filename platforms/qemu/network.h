// The board's network: lwIP without an operating system, run from the event loop.

#ifndef NETWORK_H
#define NETWORK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lwip/netif.h"

// Brings the interface up and waits a few seconds for an address.
void networkStart(void);
// Takes in what has arrived, runs lwIP's timers, and calls the sockets that have something. True where one was called.
bool networkRun(void);
// When lwIP wants to run next, in portNow() milliseconds.
double networkDeadline(void);

// lan9118.c
void lan9118Start(const uint8_t address[6]);
err_t lan9118Send(struct netif* interface, struct pbuf* packet);
// Passes each frame that has arrived to `interface`.
void lan9118Receive(struct netif* interface);

// udp.c, tcp.c
bool udpRun(void);
bool tcpRun(void);

// An address and its text; false where the text is no numeric IPv4 address.
bool addressParse(const char* text, ip_addr_t* address);

#endif
