// Calls the entry of a bundled function for each request, as the platform does: node netlify_runtime.mjs ENTRY PORT

import { createServer } from "node:http";
import { pathToFileURL } from "node:url";

const [entry, port] = process.argv.slice(2);

// What AWS Lambda gives to a handler that streams.
globalThis.awslambda = {
  streamifyResponse: (handler) => handler,
  HttpResponseStream: {
    from(response, { statusCode, headers = {}, multiValueHeaders = {} }) {
      response.writeHead(statusCode, { ...headers, ...multiValueHeaders });
      return response;
    },
  },
};

const { handler } = await import(pathToFileURL(entry));
let count = 0;

async function call(request, response) {
  const pieces = [];
  for await (const piece of request) pieces.push(piece);
  const headers = Object.entries(request.headersDistinct).map(([name, values]) => [
    name,
    values.join(name === "cookie" ? "; " : ", "),
  ]);
  const event = {
    body: Buffer.concat(pieces).toString("base64"),
    isBase64Encoded: true,
    headers: Object.fromEntries(headers),
    httpMethod: request.method,
    rawUrl: `http://${request.headers.host}${request.url}`,
    flags: {},
  };
  const end = Date.now() + 60_000;
  const context = { awsRequestId: String(++count), getRemainingTimeInMillis: () => end - Date.now() };
  await handler(event, response, context);
}

createServer((request, response) => {
  call(request, response).catch((error) => {
    console.error(error);
    if (!response.headersSent) response.writeHead(502);
    response.destroy();
  });
}).listen(Number(port), "127.0.0.1");
