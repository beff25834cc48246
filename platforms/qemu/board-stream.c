// Byte streams of this board by their kind (stream.h). The one serial port is the shell's.

#include "stream-kind.h"

#include "board.h"

size_t portStreamReadable(PortStream* stream)
{
	return stream->kind->readable(stream);
}

size_t portStreamWritable(PortStream* stream)
{
	return stream->kind->writable(stream);
}

size_t portStreamRead(PortStream* stream, void* into, size_t size)
{
	return stream->kind->read(stream, into, size);
}

size_t portStreamWrite(PortStream* stream, const void* from, size_t count)
{
	return stream->kind->write(stream, from, count);
}

bool portStreamIsTerminal(PortStream* stream)
{
	(void)stream;
	return processIsOnTerminal();
}

const char* portStreamName(PortStream* stream)
{
	(void)stream;
	return "UART 0";
}

void portStreamClose(PortStream* stream)
{
	stream->kind->close(stream);
}
