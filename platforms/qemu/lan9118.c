// LAN9118 Ethernet controller (its data sheet's names), as QEMU emulates it. Arrival is an interrupt; the event loop
// then empties the receive FIFO, so that lwIP never runs inside an interrupt.

#include "board.h"
#include "network.h"

#include <string.h>

enum {
	RX_DATA_FIFO = 0x00,
	TX_DATA_FIFO = 0x20,
	RX_STATUS_FIFO = 0x40,
	IRQ_CFG = 0x54,
	INT_STS = 0x58,
	INT_EN = 0x5c,
	FIFO_INT = 0x68,
	RX_CFG = 0x6c,
	TX_CFG = 0x70,
	HW_CFG = 0x74,
	RX_FIFO_INF = 0x7c,
	TX_FIFO_INF = 0x80,
	TX_STATUS_FIFO = 0x48,
	MAC_CSR_CMD = 0xa4,
	MAC_CSR_DATA = 0xa8,
};
enum { MAC_CR = 1, MAC_ADDRESS_HIGH = 2, MAC_ADDRESS_LOW = 3 };
enum { MAC_BUSY = 1u << 31, MAC_FULL_DUPLEX = 1 << 20, MAC_SEND = 1 << 3, MAC_RECEIVE = 1 << 2 };
enum { FIRST_SEGMENT = 1 << 13, LAST_SEGMENT = 1 << 12 };
enum { RX_STATUS_LEVEL = 1 << 3 };
enum { CHECKSUM_BYTES = 4, FRAME_BYTES = 1514, TX_OVERHEAD_BYTES = 16 };

static uint32_t get(uint32_t at)
{
	return REGISTER(LAN9118 + at);
}

static void put(uint32_t at, uint32_t value)
{
	REGISTER(LAN9118 + at) = value;
}

static void putMac(uint32_t index, uint32_t value)
{
	put(MAC_CSR_DATA, value);
	put(MAC_CSR_CMD, MAC_BUSY | index);
	while (get(MAC_CSR_CMD) & MAC_BUSY)
		;
}

void lan9118Start(const uint8_t address[6])
{
	put(HW_CFG, 1);
	while (get(HW_CFG) & 1)
		;
	put(HW_CFG, 1 << 20 | 5 << 16);
	putMac(MAC_ADDRESS_HIGH, (uint32_t)address[5] << 8 | address[4]);
	putMac(MAC_ADDRESS_LOW, (uint32_t)address[3] << 24 | (uint32_t)address[2] << 16 | (uint32_t)address[1] << 8 | address[0]);
	put(RX_CFG, 0);
	put(TX_CFG, 2);
	putMac(MAC_CR, MAC_FULL_DUPLEX | MAC_SEND | MAC_RECEIVE);
	put(IRQ_CFG, 1 << 8 | 1 << 4 | 1);
	put(FIFO_INT, 0);
	put(INT_STS, UINT32_MAX);
	put(INT_EN, RX_STATUS_LEVEL);
	boardEnableInterrupt(IRQ_LAN9118);
}

// The level stays until the FIFO is empty: masked until the event loop has seen to that.
void lan9118Interrupt(void)
{
	put(INT_EN, 0);
	boardHasEvent = true;
}

err_t lan9118Send(struct netif* interface, struct pbuf* packet)
{
	(void)interface;
	uint32_t count = packet->tot_len;
	while ((get(TX_FIFO_INF) >> 16 & 0xff) > 0)
		(void)get(TX_STATUS_FIFO);
	if (count > FRAME_BYTES || (get(TX_FIFO_INF) & 0xffff) < count + TX_OVERHEAD_BYTES)
		return ERR_MEM;
	put(TX_DATA_FIFO, FIRST_SEGMENT | LAST_SEGMENT | count);
	put(TX_DATA_FIFO, count);
	// words, across the borders of the packet's pieces
	uint32_t word = 0, filled = 0;
	for (const struct pbuf* piece = packet; piece; piece = piece->next) {
		const uint8_t* from = piece->payload;
		uint32_t left = piece->len;
		while (left > 0) {
			if (filled == 0 && left >= sizeof word) {
				memcpy(&word, from, sizeof word);
				put(TX_DATA_FIFO, word);
				from += sizeof word;
				left -= sizeof word;
				word = 0;
				continue;
			}
			word |= (uint32_t)*from++ << (8 * filled++);
			left--;
			if (filled == sizeof word) {
				put(TX_DATA_FIFO, word);
				word = filled = 0;
			}
		}
	}
	if (filled > 0)
		put(TX_DATA_FIFO, word);
	return ERR_OK;
}

static struct pbuf* take(uint32_t bytes)
{
	// the heap, for a frame in one piece of just its size; what finds no room is lost, as on a crowded network
	uint32_t count = bytes - CHECKSUM_BYTES;
	struct pbuf* packet = bytes > CHECKSUM_BYTES && count <= FRAME_BYTES ? pbuf_alloc(PBUF_RAW, (u16_t)count, PBUF_RAM) : NULL;
	uint8_t* to = packet ? packet->payload : NULL;
	for (uint32_t at = 0; at < bytes; at += 4) {
		uint32_t word = get(RX_DATA_FIFO);
		if (to && at < count)
			memcpy(to + at, &word, count - at < sizeof word ? count - at : sizeof word);
	}
	return packet;
}

void lan9118Receive(struct netif* interface)
{
	while (get(RX_FIFO_INF) >> 16 & 0xff) {
		struct pbuf* packet = take(get(RX_STATUS_FIFO) >> 16 & 0x3fff);
		if (packet && interface->input(packet, interface) != ERR_OK)
			pbuf_free(packet);
	}
	put(INT_STS, RX_STATUS_LEVEL);
	put(INT_EN, RX_STATUS_LEVEL);
}
