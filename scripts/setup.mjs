// Installs and fetches what is missing: npm packages, compiler and make, the sources of the XS engine. The other
// scripts do the same by themselves.
import { setUp } from "./lib/setup.mjs";

setUp();
