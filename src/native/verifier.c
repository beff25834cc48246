// The native verifier (verifier.js) over its core. Uses xsmc.h only, for XS 13 and the Moddable SDK. A build without
// Mbed TLS has the class; making one throws there.

#include "xsmc.h"

#include <math.h>
#include <stdlib.h>

#include "../fota/verifier-core.h"

#if defined(MBEDTLS_CONFIG_FILE)

void xs_verifier_destroy(void* data)
{
	verifierDestroy(data);
}

// Good until the engine is called again.
static uint8_t* bufferOf(xsMachine* the, int index, size_t least, size_t* size, xsBooleanValue isWritten)
{
	void* data;
	xsUnsignedValue count;
	if (index >= xsmcArgc)
		xsTypeError("bytes are missing");
	_xsmcGetBuffer(the, &xsArg(index), &data, &count, isWritten);
	if (count < least)
		xsRangeError("%d bytes are needed, not %d", (int)least, (int)count);
	*size = count;
	return data;
}

static size_t sizeArgument(xsMachine* the, int index, double most)
{
	double number = index < xsmcArgc ? xsmcToNumber(xsArg(index)) : NAN;
	if (!(number >= 0 && number <= most) || number != floor(number))
		xsRangeError("not a whole number from 0 to %d", (int)most);
	return (size_t)number;
}

void xs_verifier(xsMachine* the)
{
	const char* message = NULL;
	const uint8_t* key = NULL;
	size_t size;
	if (xsmcArgc > 0 && xsmcTypeOf(xsArg(0)) != xsUndefinedType) {
		key = bufferOf(the, 0, 0, &size, 0);
		if (size != VERIFIER_KEY_BYTES)
			xsRangeError("a public key has %d bytes, not %d", VERIFIER_KEY_BYTES, (int)size);
	}
	Verifier* verifier = verifierCreate(key, &message);
	if (!verifier)
		xsUnknownError("%s", (char*)(uintptr_t)message);
	xsmcSetHostData(xsThis, verifier);
}

void xs_verifier_close(xsMachine* the)
{
	void* verifier = xsmcGetHostDataValidate(xsThis, xs_verifier_destroy);
	xsmcSetHostData(xsThis, NULL);
	verifierDestroy(verifier);
}

static Verifier* verifierOf(xsMachine* the)
{
	Verifier* verifier = xsmcGetHostDataValidate(xsThis, xs_verifier_destroy);
	if (!verifier)
		xsUnknownError("the verifier is closed");
	return verifier;
}

void xs_verifier_add(xsMachine* the)
{
	Verifier* verifier = verifierOf(the);
	size_t size;
	bufferOf(the, 0, 0, &size, 0);
	size_t end = sizeArgument(the, 2, (double)size);
	size_t start = sizeArgument(the, 1, (double)end);
	verifierAdd(verifier, bufferOf(the, 0, 0, &size, 0) + start, end - start);
}

void xs_verifier_finish(xsMachine* the)
{
	size_t size;
	Verifier* verifier = verifierOf(the);
	verifierFinish(verifier, bufferOf(the, 0, VERIFIER_DIGEST_BYTES, &size, 1));
}

void xs_verifier_check(xsMachine* the)
{
	Verifier* verifier = verifierOf(the);
	size_t size;
	bufferOf(the, 0, VERIFIER_SIGNATURE_BYTES, &size, 0);
	size_t end = sizeArgument(the, 1, (double)(size - VERIFIER_SIGNATURE_BYTES));
	unsigned operations = (unsigned)sizeArgument(the, 2, INT32_MAX);
	const uint8_t* bytes = bufferOf(the, 0, 0, &size, 0);
	xsmcSetInteger(xsResult, verifierCheck(verifier, bytes, end, bytes + end, operations));
}

#else

void xs_verifier_destroy(void* data)
{
	(void)data;
}

	#define MISSING(name) \
		void name(xsMachine* the) \
		{ \
			xsUnknownError("this build checks no signatures"); \
		}

MISSING(xs_verifier)
MISSING(xs_verifier_add)
MISSING(xs_verifier_finish)
MISSING(xs_verifier_check)
MISSING(xs_verifier_close)

#endif
