// Answers requests as a function of Netlify's. Written by pyastro.

import { start } from "./pyodide.mjs";

// Only requests for the site's own names arrive.
const environment = { PYASTRO_ALLOWED_HOSTS: "*", ...process.env };
let site;

export default async function answer(request, context) {
  site ??= start(environment);
  const { answer, report } = await site;
  if (report) {
    console.error(report);
    site = undefined; // the next request tries again
    return new Response("The site did not start.", { status: 500 });
  }
  return answer(request, context.ip);
}

export const config = {
  path: "/*",
  preferStatic: true,
  nodeBundler: "nft",
  includedFiles: ["node_modules/pyodide/**", "python/**", "site/**", "snapshot.bin"],
};
