// Writes snapshot.bin, with which the site starts much sooner. Written by pyastro.

import { writeSnapshot } from "./pyodide.mjs";

await writeSnapshot();
