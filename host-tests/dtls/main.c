// The DTLS tests as a program: dtls-test FOLDER SUITE [COUNT]. FOLDER has the certificates that scripts/test-dtls.mjs makes.

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"

int main(int count, char** arguments)
{
	setvbuf(stdout, NULL, _IOLBF, 0);
	if (count < 3) {
		fprintf(stderr, "usage: dtls-test FOLDER handshake|loss|state|errors|fuzz|memory|stream [COUNT]\n");
		return 2;
	}
	certificateFolder = arguments[1];
	const char* suite = arguments[2];
	unsigned number = count > 3 ? (unsigned)strtoul(arguments[3], NULL, 10) : 0;
	if (strcmp(suite, "handshake") == 0)
		testHandshake();
	else if (strcmp(suite, "loss") == 0)
		testLoss(number ? number : 200);
	else if (strcmp(suite, "state") == 0)
		testState();
	else if (strcmp(suite, "errors") == 0)
		testErrors();
	else if (strcmp(suite, "fuzz") == 0)
		testFuzz(number ? number : 100000);
	else if (strcmp(suite, "memory") == 0)
		testMemory();
	else if (strcmp(suite, "stream") == 0)
		testStream(number ? number : 5000);
	else {
		fprintf(stderr, "dtls-test: no suite %s\n", suite);
		return 2;
	}
	networkReset();
	return failures > 0;
}
