// Bundles the function of a pack with Netlify's bundler: node netlify_bundle.mjs BUNDLER PACK PLACE

import { pathToFileURL } from "node:url";

const [bundler, pack, place] = process.argv.slice(2);
const { zipFunctions } = await import(pathToFileURL(bundler));
await zipFunctions([`${pack}/functions`], place, {
  archiveFormat: "none", // the folder that the archive would hold
  basePath: pack,
  repositoryRoot: pack,
  config: { "*": {} },
});
