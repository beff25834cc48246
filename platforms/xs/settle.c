// Promise jobs, after whatever has called into JavaScript. A prepared program that makes no promises has none.

#include "xsAll.h"

#include "runtime.h"
#ifdef IS_PREPARED
	#include "rom.h"
#else
	#define ROM_USES_PROMISES 1
#endif

void fxCreateMachinePlatform(txMachine* the)
{
	the->hasPromiseJobs = 0;
}

void fxDeleteMachinePlatform(txMachine* the)
{
	(void)the;
}

void fxQueuePromiseJobs(txMachine* the)
{
	the->hasPromiseJobs = 1;
}

void runtimeSettle(struct xsMachineRecord* the_)
{
	txMachine* the = (txMachine*)the_;
#if ROM_USES_PROMISES
	while (the->hasPromiseJobs) {
		the->hasPromiseJobs = 0;
		fxBeginHost(the);
		fxRunPromiseJobs(the);
		fxEndHost(the);
	}
	fxBeginHost(the);
	fxCheckUnhandledRejections(the, 1);
#else
	fxBeginHost(the);
#endif
	fxEndHost(the);
}
