// The official TypeScript SDK 2.x (`@modelcontextprotocol/server`) with the fixtures that the official suite knows.
// One endpoint for both eras: 2026-07-28 by `createMcpHandler`, and before that sessions with an event store.
//   node sdk_ts.mjs FOLDER [--port N] [--legacy sessions|stateless|reject]     (FOLDER holds node_modules)
import http from "node:http";
import { createRequire } from "node:module";
import path from "node:path";
import { parseArgs } from "node:util";

import { askingTools } from "./sdk_ts_inputs.mjs";
import { PIXEL, changingTools, contentTools, streamingTools } from "./sdk_ts_tools.mjs";

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: { port: { type: "string", default: "0" }, legacy: { type: "string", default: "sessions" } },
});
const require = createRequire(path.resolve(positionals[0], "package.json")); // the packages are not next to this file
const sdk = require("@modelcontextprotocol/server");
const node = require("@modelcontextprotocol/node");
const z = require("zod");

const state = sdk.createRequestStateCodec({ key: crypto.getRandomValues(new Uint8Array(32)) });
const schemas = new Map(); // by tool: a server is built for each modern request, and schemas are what takes time
const shared = {
  state,
  schema: (tool, fields) => schemas.get(tool) ?? schemas.set(tool, z.object(fields)).get(tool),
  hasSessions: options.legacy === "sessions", // without them no answer finds its way back to the tool that asked
  steps: new Map(), // label -> steps taken
  shown: { tool: false, prompt: false, resource: false },
  watchers: new Map(), // the server of a session -> the URIs it was asked to watch
  headerSchema: sdk.fromJsonSchema({
    type: "object",
    properties: {
      region: { type: "string", "x-mcp-header": "Region" },
      priority: { type: "integer", "x-mcp-header": "Priority" },
      dry_run: { type: "boolean", "x-mcp-header": "Dry-Run" },
    },
  }),
};
const suggested = (value) => ["paris", "park", "party"].filter((word) => word.startsWith(value));
const TWO = z.object({ arg1: sdk.completable(z.string(), suggested), arg2: z.string() });
const ONE = z.object({ resourceUri: z.string() });

function build({ era }) {
  const server = new sdk.McpServer(
    { name: "real-server-sdk-ts", version: "1.0" },
    { capabilities: { logging: {}, resources: { subscribe: true } }, requestState: { verify: state.verify } },
  );
  for (const register of [contentTools, streamingTools, changingTools, askingTools])
    register(server, sdk, z, shared, era);
  promptsAndResources(server);
  if (era === "legacy") subscriptions(server);
  return server;
}

function promptsAndResources(server) {
  const text = (words) => ({ role: "user", content: { type: "text", text: words } });
  server.registerPrompt("test_simple_prompt", { description: "No arguments." }, () => ({
    messages: [text("This is a simple prompt for testing.")],
  }));
  server.registerPrompt(
    "test_prompt_with_arguments",
    { description: "Two arguments.", argsSchema: TWO },
    ({ arg1, arg2 }) => ({
      messages: [text(`Prompt with arguments: arg1='${arg1}', arg2='${arg2}'`)],
    }),
  );
  server.registerPrompt("test_prompt_with_image", { description: "An image." }, () => ({
    messages: [{ role: "user", content: { type: "image", data: PIXEL, mimeType: "image/png" } }],
  }));
  server.registerPrompt(
    "test_prompt_with_embedded_resource",
    { description: "A resource.", argsSchema: ONE },
    ({ resourceUri }) => ({
      messages: [
        {
          role: "user",
          content: { type: "resource", resource: { uri: resourceUri, mimeType: "text/plain", text: "Embedded" } },
        },
      ],
    }),
  );
  const plain = (words) => (uri) => ({ contents: [{ uri: uri.href, mimeType: "text/plain", text: words }] });
  server.registerResource(
    "static-text",
    "test://static-text",
    { mimeType: "text/plain" },
    plain("This never changes."),
  );
  server.registerResource(
    "watched",
    "test://watched-resource",
    { mimeType: "text/plain" },
    plain("Watched resource content"),
  );
  server.registerResource("static-binary", "test://static-binary", { mimeType: "image/png" }, (uri) => ({
    contents: [{ uri: uri.href, mimeType: "image/png", blob: PIXEL }],
  }));
  const template = new sdk.ResourceTemplate("test://template/{id}/data", { list: undefined });
  server.registerResource("template", template, { mimeType: "text/plain" }, (uri, { id }) =>
    plain(`Data for ${id}`)(uri),
  );
}

function subscriptions(server) {
  const watched = new Set();
  shared.watchers.set(server, watched);
  server.server.setRequestHandler("resources/subscribe", ({ params }) => (watched.add(params.uri), {}));
  server.server.setRequestHandler("resources/unsubscribe", ({ params }) => (watched.delete(params.uri), {}));
}

/** Keeps every event of one session in the order of its coming. */
class MemoryStore {
  events = [];
  async storeEvent(stream, message) {
    return String(this.events.push({ stream, message }));
  }
  async getStreamIdForEventId(id) {
    return this.events[id - 1]?.stream;
  }
  async replayEventsAfter(last, { send }) {
    const stream = this.events[last - 1]?.stream;
    for (let at = Number(last); at < this.events.length; at++) {
      const event = this.events[at];
      const primes = Object.keys(event.message).length === 0; // the SDK stores {} for an event without data
      if (event.stream === stream && !primes) await send(String(at + 1), event.message);
    }
    return stream;
  }
}

const sessions = new Map(); // id -> the transport, or null for a session that was ended

async function inSession(request, response, body) {
  const id = request.headers["mcp-session-id"];
  let transport = sessions.get(id);
  if (id === undefined && sdk.isInitializeRequest(body)) transport = await begin();
  if (transport) await transport.handleRequest(request, response, body);
  else {
    const refusal = {
      jsonrpc: "2.0",
      error: { code: -32000, message: id ? "No such session" : "A session id is needed" },
      id: null,
    };
    response.writeHead(id ? 404 : 400, { "Content-Type": "application/json" }).end(JSON.stringify(refusal));
  }
}

async function begin() {
  const transport = new node.NodeStreamableHTTPServerTransport({
    sessionIdGenerator: () => crypto.randomUUID(),
    eventStore: new MemoryStore(),
    retryInterval: 100,
    onsessioninitialized: (id) => void sessions.set(id, transport),
  });
  transport.onclose = () => void sessions.set(transport.sessionId, null);
  await build({ era: "legacy" }).connect(transport);
  return transport;
}

const handler = sdk.createMcpHandler(build, { legacy: options.legacy === "stateless" ? "stateless" : "reject" });
shared.notify = handler.notify;
const modern = node.toNodeHandler(handler);
const hostIsFine = node.localhostHostValidation();
const originIsFine = node.localhostOriginValidation();

async function serve(request, response) {
  if (!hostIsFine(request, response) || !originIsFine(request, response)) return;
  if (options.legacy !== "sessions") return modern(request, response);
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  let body;
  try {
    body = JSON.parse(Buffer.concat(chunks).toString());
  } catch {
    body = undefined; // a GET, or what the transport is to refuse
  }
  const old = await sdk.isLegacyRequest(await node.toWebRequest(request, body));
  await (old ? inSession : modern)(request, response, body);
}

const listener = http.createServer((request, response) =>
  serve(request, response).catch(() => response.destroy()), // a client that leaves in the middle of its body
);
listener.listen(Number(options.port), "127.0.0.1", () =>
  console.log(`listening on http://127.0.0.1:${listener.address().port}/mcp`),
);
