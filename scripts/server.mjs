// npm run server -- [options]: the companion server alone, compiled where that is needed. `--help` lists the options.
import { startServer } from "./lib/companion.mjs";
import { passSignals } from "./lib/run.mjs";

const server = startServer(process.argv.slice(2), { stdio: "inherit" });
passSignals(server);
server.on("exit", (status) => process.exit(status ?? 1));
