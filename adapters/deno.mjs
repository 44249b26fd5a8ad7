// Answers requests under Deno: `deno serve -A main.mjs`. Written by pyastro.

import { start } from "./pyodide.mjs";

// To Deno Deploy come requests for the site's own names alone; elsewhere they may be for any.
const platform = Deno.env.has("DENO_DEPLOYMENT_ID") ? { PYASTRO_ALLOWED_HOSTS: "*" } : {};
const { answer, stop, report } = await start({ ...platform, ...Deno.env.toObject() });
if (report) {
  console.error(report);
  Deno.exit(1);
}

// Deno takes no more requests when it is told to stop, and ends when nothing is left to do: then the site is stopped.
// A timer that nobody waits for any more is no reason to stay.
const MOST_SECONDS = 8;
let stopping;
const stopOnce = () => (stopping ??= stop());
addEventListener("beforeunload", (event) => {
  if (!stopping) {
    event.preventDefault();
    stopOnce();
  }
});
for (const name of Deno.build.os === "windows" ? ["SIGINT"] : ["SIGINT", "SIGTERM"]) {
  Deno.addSignalListener(name, () => {
    Deno.unrefTimer(setTimeout(() => stopOnce().then(() => Deno.exit()), MOST_SECONDS * 1000));
  });
}

let listening;

export default {
  onListen({ hostname, port }) {
    const isAny = hostname === "0.0.0.0" || hostname === "::";
    listening = `${isAny ? "localhost" : hostname.includes(":") ? `[${hostname}]` : hostname}:${port}`;
    console.log(`Listening on http://${listening}/`);
  },
  fetch(request, { remoteAddr }) {
    return answer(request, remoteAddr.hostname, listening);
  },
};
