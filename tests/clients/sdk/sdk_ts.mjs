// The client of the official TypeScript SDK 1.x does a little of everything: node sdk_ts.mjs ENVIRONMENT URL
import { createRequire } from "node:module";
import path from "node:path";
import { pathToFileURL } from "node:url";

const [environment, url] = process.argv.slice(2);
const require = createRequire(path.join(path.resolve(environment), "package.json"));
const load = (name) => import(pathToFileURL(require.resolve(`@modelcontextprotocol/sdk/${name}`)));
const { Client } = await load("client/index.js");
const { StreamableHTTPClientTransport } = await load("client/streamableHttp.js");
const types = await load("types.js");

const capabilities = { sampling: {}, elicitation: {}, roots: { listChanged: true } };
const client = new Client({ name: "sdk-ts", version: "1" }, { capabilities });
const text = { type: "text", text: "yes" };
client.setRequestHandler(types.CreateMessageRequestSchema, () => ({ role: "assistant", content: text, model: "none" }));
client.setRequestHandler(types.ElicitRequestSchema, () => ({ action: "accept", content: { response: "yes" } }));
client.setRequestHandler(types.ListRootsRequestSchema, () => ({ roots: [] }));

const transport = new StreamableHTTPClientTransport(new URL(url));
await client.connect(transport);
await client.ping();
await client.listTools();
await client.listResources();
await client.listPrompts();
await client.setLoggingLevel("info");
const call = (name, args = {}, options = {}) => client.callTool({ name, arguments: args }, undefined, options);
await Promise.all([1, 2, 3].map(() => call("test_tool_with_progress", {}, { onprogress: () => {} })));
await call("test_simple_text");
await call("test_echo", { text: "Grüße" });
await call("test_sampling", { prompt: "Is all well?" });
await call("test_elicitation", { message: "Is all well?" });
await call("test_roots");
await call("test_client_ping");
await call("test_reconnection");
await call("test_close_get_stream");
await call("test_slow", {}, { timeout: 100 }).catch(() => {});
await client.sendRootsListChanged();
await transport.terminateSession();
await client.close();
