// The network interface, its address by DHCP, and names by DNS (network.h).

#include "network.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "board.h"
#include "lwip/dhcp.h"
#include "lwip/dns.h"
#include "lwip/etharp.h"
#include "lwip/init.h"
#include "lwip/timeouts.h"
#include "netif/ethernet.h"
#include "port.h"

enum { ADDRESS_PATIENCE_MS = 5000 };

static struct netif interface;
// Locally administered; the emulated network has one device.
static const uint8_t hardwareAddress[6] = { 0x52, 0x54, 0x00, 0x12, 0x34, 0x56 };

u32_t sys_now(void)
{
	return clockMs();
}

u32_t networkRandom(void)
{
	u32_t value;
	portRandom(&value, sizeof value);
	return value;
}

_Noreturn static void fail(const char* what)
{
	portLog(what);
	portRestart();
}

void networkFailAt(int line)
{
	char text[40];
	snprintf(text, sizeof text, "lwIP: an assertion in line %d", line);
	fail(text);
}

static err_t startInterface(struct netif* netif)
{
	netif->name[0] = 'e';
	netif->name[1] = 'n';
	netif->output = etharp_output;
	netif->linkoutput = lan9118Send;
	netif->mtu = 1500;
	netif->hwaddr_len = sizeof hardwareAddress;
	memcpy(netif->hwaddr, hardwareAddress, sizeof hardwareAddress);
	netif->flags = NETIF_FLAG_BROADCAST | NETIF_FLAG_ETHARP | NETIF_FLAG_ETHERNET | NETIF_FLAG_LINK_UP;
	return ERR_OK;
}

void networkStart(void)
{
	lwip_init();
	lan9118Start(hardwareAddress);
	netif_add_noaddr(&interface, NULL, startInterface, ethernet_input);
	netif_set_default(&interface);
	netif_set_up(&interface);
	dhcp_start(&interface);
	double until = portNow() + ADDRESS_PATIENCE_MS;
	while (!dhcp_supplied_address(&interface) && portNow() < until) {
		networkRun();
		clockSleep(fmin(until, networkDeadline()));
	}
	// without an address the device goes on: its datagrams are lost until it has one
	if (!dhcp_supplied_address(&interface))
		portLog("Network: no address yet");
}

bool networkRun(void)
{
	lan9118Receive(&interface);
	sys_check_timeouts();
	bool hasRun = udpRun();
	hasRun |= tcpRun();
	return hasRun;
}

double networkDeadline(void)
{
	u32_t ms = sys_timeouts_sleeptime();
	return ms == SYS_TIMEOUTS_SLEEPTIME_INFINITE ? INFINITY : portNow() + ms;
}

bool addressParse(const char* text, ip_addr_t* address)
{
	// a whole dotted address: the C library's shorter forms are no numeric address here
	int dots = 0;
	for (const char* at = text; *at; at++)
		dots += *at == '.';
	return dots == 3 && ipaddr_aton(text, address);
}

// ---- names

typedef struct {
	void (*onResult)(void* owner, const char* address, const char* message);
	void* owner;
	ip_addr_t address;
	const char* message;
} Query;

static void finish(void* owner)
{
	Query query = *(Query*)owner;
	free(owner);
	if (query.message)
		query.onResult(query.owner, NULL, query.message);
	else
		query.onResult(query.owner, ipaddr_ntoa(&query.address), NULL);
}

static void onFound(const char* name, const ip_addr_t* address, void* owner)
{
	(void)name;
	Query* query = owner;
	if (address)
		query->address = *address;
	else
		query->message = "no such name";
	processDefer(finish, query);
}

void portResolve(const char* name, void (*onResult)(void* owner, const char* address, const char* message), void* owner)
{
	Query* query = calloc(1, sizeof *query);
	if (!query)
		fail("out of memory");
	*query = (Query) { .onResult = onResult, .owner = owner };
	if (!addressParse(name, &query->address)) {
		err_t status = dns_gethostbyname(name, &query->address, onFound, query);
		if (status == ERR_INPROGRESS)
			return;
		if (status != ERR_OK)
			query->message = "cannot ask for the name";
	}
	processDefer(finish, query);
}
