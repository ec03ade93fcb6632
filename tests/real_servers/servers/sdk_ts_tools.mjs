// The tools that the official suite knows by name, and a few of ours, by the public API of the TypeScript SDK 2.x.
// Each function is given a server, the SDK, zod, what all requests share (see sdk_ts.mjs), and the era.
import { setTimeout as pause } from "node:timers/promises";

export const PIXEL =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg==";
const SILENCE = "UklGRiYAAABXQVZFZm10IBAAAAABAAEAQB8AAAB9AAACABAAZGF0YQIAAAA=";
const WATCHED = "test://watched-resource";

const says = (text) => ({ content: [{ type: "text", text }] });
const image = { type: "image", data: PIXEL, mimeType: "image/png" };
const audio = { type: "audio", data: SILENCE, mimeType: "audio/wav" };
const embedded = {
  type: "resource",
  resource: {
    uri: "test://embedded-resource",
    mimeType: "text/plain",
    text: "This is an embedded resource content.",
  },
};

export function contentTools(server, _sdk, z, shared) {
  const add = (name, description, inputSchema, handler, more = {}) =>
    server.registerTool(
      name,
      { description, ...(inputSchema && { inputSchema: shared.schema(name, inputSchema) }), ...more },
      handler,
    );

  add("test_simple_text", "One text.", null, () => says("This is a simple text response for testing."));
  add("test_echo", "What it was given.", { text: z.string() }, ({ text }) => says(text));
  add("test_image_content", "One image.", null, () => ({ content: [image] }));
  add("test_audio_content", "One sound.", null, () => ({ content: [audio] }));
  add("test_embedded_resource", "One resource.", null, () => ({ content: [embedded] }));
  add("test_multiple_content_types", "Several kinds of content.", null, () => ({
    content: [{ type: "text", text: "Multiple content types test:" }, image, embedded],
  }));
  add("test_error_handling", "Fails, so that the result says isError.", null, () => {
    throw new Error("This tool intentionally returns an error for testing");
  });
  const weather = { temperature: 22.5, conditions: "Partly cloudy" };
  add(
    "test_structured_content",
    "Structured content.",
    null,
    () => ({ ...says(JSON.stringify(weather)), structuredContent: weather }),
    {
      outputSchema: shared.schema("weather", { temperature: z.number(), conditions: z.string() }),
    },
  );
  server.registerTool(
    "test_x_mcp_header",
    { description: "Takes arguments that go along as headers (at 2026-07-28).", inputSchema: shared.headerSchema },
    (args) => says(JSON.stringify(args)),
  );
}

export function streamingTools(server, _sdk, z, shared) {
  const add = (name, description, inputSchema, handler) =>
    server.registerTool(name, { description, inputSchema: shared.schema(name, inputSchema) }, handler);
  const report = async (ctx, progress, total) => {
    const progressToken = ctx.mcpReq._meta?.progressToken;
    if (progressToken === undefined) return;
    await ctx.mcpReq.notify({ method: "notifications/progress", params: { progressToken, progress, total } });
  };

  add("test_tool_with_logging", "Logs three messages on its way.", {}, async (_args, ctx) => {
    for (const word of ["started", "working", "finished"]) {
      await ctx.mcpReq.log("info", `Tool ${word}`);
      await pause(30);
    }
    return says("Three messages logged");
  });
  add("test_tool_with_progress", "Reports progress 0, 50 and 100 of 100.", {}, async (_args, ctx) => {
    for (const done of [0, 50, 100]) {
      await report(ctx, done, 100);
      await pause(30);
    }
    return says("Three steps reported");
  });
  const work = {
    steps: z.number().int().default(10),
    step_ms: z.number().int().default(50),
    label: z.string().default(""),
  };
  add("test_slow", "Takes its time, reports every step, and stops when it is cancelled.", work, async (args, ctx) => {
    for (let step = 1; step <= args.steps && !ctx.mcpReq.signal.aborted; step++) {
      await pause(args.step_ms);
      shared.steps.set(args.label, step);
      await report(ctx, step, args.steps);
    }
    return says(`${args.steps} steps of ${args.step_ms} ms done`);
  });
  add("test_work_done", "How many steps test_slow has taken under a label.", { label: z.string() }, ({ label }) =>
    says(String(shared.steps.get(label) ?? 0)),
  );
  add(
    "test_reconnection",
    "Closes its own stream and answers while nobody listens (at 2025-11-25).",
    {},
    async (_args, ctx) => {
      ctx.http?.closeSSE?.();
      await pause(500); // five times the retry
      return says("Reconnection test completed");
    },
  );
}

export function changingTools(server, _sdk, _z, shared, era) {
  const temporary = {
    tool: server.registerTool("test_dynamic_tool", { description: "Comes and goes." }, () => says("Here I am.")),
    prompt: server.registerPrompt("test_dynamic_prompt", { description: "Comes and goes." }, () => ({
      messages: [{ role: "user", content: { type: "text", text: "Here I am." } }],
    })),
    resource: server.registerResource("dynamic", "test://dynamic-resource", { mimeType: "text/plain" }, (uri) => ({
      contents: [{ uri: uri.href, mimeType: "text/plain", text: "Here I am." }],
    })),
  };
  for (const [kind, handle] of Object.entries(temporary)) {
    if (!shared.shown[kind]) handle.disable();
    server.registerTool(`test_trigger_${kind}_change`, { description: `Makes the list of ${kind}s change.` }, () => {
      if (era === "modern") {
        shared.shown[kind] = !shared.shown[kind];
        shared.notify[`${kind}sChanged`]();
      } else if (handle.enabled)
        handle.disable(); // and the SDK tells the session of it
      else handle.enable();
      return says(`The list of ${kind}s changed`);
    });
  }
  server.registerTool("test_update_resource", { description: `Updates ${WATCHED}.` }, async () => {
    if (era === "modern") shared.notify.resourceUpdated(WATCHED);
    else if (shared.watchers.get(server)?.has(WATCHED)) await server.server.sendResourceUpdated({ uri: WATCHED });
    return says("The watched resource was updated");
  });
}
