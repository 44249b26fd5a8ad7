// Runs the site of this folder in Pyodide, which is Python as WebAssembly. Written by pyastro.

import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { loadPyodide } from "pyodide";

const HERE = fileURLToPath(new URL(".", import.meta.url));
const SNAPSHOT = `${HERE}snapshot.bin`;
const PLACE = "/pack"; // where Python sees this folder

/**
 * Starts the site. `answer` takes a Request, the client's address, and the host and port that stand for an unknown Host,
 * and gives a Response; `stop` stops the site; `report` says what is wrong where it does not start.
 */
export async function start(environment) {
  const snapshot = existsSync(SNAPSHOT) ? { _loadSnapshot: readFileSync(SNAPSHOT) } : {};
  const { resume, open_site } = mounted(await loadPyodide(snapshot));
  resume(Object.entries(environment));
  const { answer, stop, report } = await open_site(`${PLACE}/site`);
  return { answer, stop, report };
}

/** Writes the memory of an interpreter that has imported the runtime, and the code of all modules. */
export async function writeSnapshot() {
  const python = await loadPyodide({ _makeSnapshot: true });
  const { prepare } = mounted(python);
  prepare(`${PLACE}/python`, `${PLACE}/site`);
  python.FS.unmount(PLACE); // files are no part of the memory
  writeFileSync(SNAPSHOT, python.makeMemorySnapshot());
}

/** Our package for JavaScript hosts, in an interpreter that sees this folder. */
function mounted(python) {
  python.FS.mkdirTree(PLACE);
  python.FS.mount(python.FS.filesystems.NODEFS, { root: HERE }, PLACE);
  const path = python.pyimport("sys").path;
  if (!path.includes(`${PLACE}/python`)) path.insert(0, `${PLACE}/python`);
  return python.pyimport("pyastro.javascript");
}
