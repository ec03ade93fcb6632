// What needs input from the client: tools, a prompt and a resource, for the TypeScript SDK 2.x. All is written once: the
// SDK turns an input_required result into requests of the server's own where a client has a session.
const says = (text) => ({ content: [{ type: "text", text }] });
const user = (text) => ({ role: "user", content: { type: "text", text } });
const string = (more = {}) => ({ type: "string", ...more });
const fields = (properties, required = Object.keys(properties)) => ({ type: "object", properties, required });

const DEFAULTS = fields(
  {
    name: string({ default: "John Doe" }),
    age: { type: "integer", default: 30 },
    score: { type: "number", default: 95.5 },
    status: string({ enum: ["active", "inactive", "pending"], default: "active" }),
    verified: { type: "boolean", default: true },
  },
  [],
);
const TITLED = [
  { const: "value1", title: "First Option" },
  { const: "value2", title: "Second Option" },
];
const CHOICES = fields(
  {
    untitledSingle: string({ enum: ["option1", "option2"] }),
    titledSingle: string({ oneOf: TITLED }),
    untitledMulti: { type: "array", items: string({ enum: ["option1", "option2"] }) },
    titledMulti: { type: "array", items: { anyOf: TITLED } },
  },
  [],
);

export function askingTools(server, sdk, z, shared, era) {
  const { acceptedContent, inputRequired, ProtocolError, ProtocolErrorCode, UrlElicitationRequiredError } = sdk;
  const form = (message, schema) => inputRequired.elicit({ message, requestedSchema: schema });
  const model = (text, more = {}) => inputRequired.createMessage({ messages: [user(text)], maxTokens: 100, ...more });
  const visit = (message) =>
    inputRequired.elicitUrl({ message, url: "https://example.com/visit", elicitationId: crypto.randomUUID() });
  const tool = (name, description, handler, inputSchema = {}) =>
    server.registerTool(name, { description, inputSchema: shared.schema(name, inputSchema) }, handler);
  /** A tool that asks one thing, and says what came. */
  const asking = (name, description, question, inputSchema) =>
    tool(
      name,
      description,
      (args, ctx) =>
        ctx.mcpReq.inputResponses?.answer === undefined
          ? inputRequired({ inputRequests: { answer: question(args) } })
          : says(`Answered: ${JSON.stringify(ctx.mcpReq.inputResponses.answer)}`),
      inputSchema,
    );

  /** The state that came with a request, which must have been given to the same tool; the SDK sees to the rest. */
  const stateOf = (ctx, tool) => {
    const state = ctx.mcpReq.requestState();
    if (state !== undefined && state.tool !== tool)
      throw new ProtocolError(ProtocolErrorCode.InvalidParams, "The state of another tool");
    return state;
  };

  const prompt = { prompt: z.string().default("Say something") };
  const message = { message: z.string().default("Please answer") };
  asking("test_sampling", "Asks the client's model.", (args) => model(args.prompt), prompt);
  asking("test_elicitation", "Asks the user.", (args) => form(args.message, fields({ response: string() })), message);
  asking("test_elicitation_sep1034_defaults", "A form of defaults.", () => form("Please check", DEFAULTS));
  asking("test_elicitation_sep1330_enums", "A form of choices.", () => {
    const many = (server.server.getNegotiatedProtocolVersion() ?? "2026-07-28") >= "2025-11-25"; // lists came with it
    const single = ([, field]) => many || (field.type === "string" && field.enum);
    return form("Please choose", {
      ...CHOICES,
      properties: Object.fromEntries(Object.entries(CHOICES.properties).filter(single)),
    });
  });
  asking("test_roots", "Asks for the roots.", () => inputRequired.listRoots());
  asking("test_missing_capability", "Needs the client's model.", () => model("Reply with the single word: pong"));
  asking("test_sampling_tools", "Lets the client's model use a tool.", () =>
    model("Use the tool", {
      tools: [{ name: "add", inputSchema: { type: "object" } }],
      toolChoice: { mode: "auto" },
    }),
  );
  asking("test_input_required_result_elicitation", "A form.", () =>
    form("What is your name?", fields({ name: string() })),
  );
  asking("test_input_required_result_sampling", "A prompt.", () => model("What is the capital of France?"));
  asking("test_input_required_result_list_roots", "Roots.", () => inputRequired.listRoots());
  asking("test_elicitation_url", "An address to open.", () => visit("Please sign in"));
  asking("test_input_required_result_url", "An address to open.", () =>
    inputRequired.elicitUrl({ message: "Please sign in", url: "https://example.com/visit" }),
  );

  const several = "test_input_required_result_multiple_inputs";
  tool(several, "Several things at once.", async (_args, ctx) => {
    stateOf(ctx, several);
    const got = ctx.mcpReq.inputResponses ?? {};
    if (got.name && got.greeting && got.roots) return says(`Answered: ${Object.keys(got).join(", ")}`);
    return inputRequired({
      inputRequests: {
        name: form("What is your name?", fields({ name: string() })),
        greeting: model("Generate a greeting"),
        roots: inputRequired.listRoots(),
      },
      requestState: await shared.state.mint({ tool: several }),
    });
  });
  const rounds = "test_input_required_result_multi_round";
  tool(rounds, "One thing after the other.", async (_args, ctx) => {
    const step = (stateOf(ctx, rounds)?.step ?? 0) + 1;
    if (step > 2) return says("Two rounds done");
    const question = form(`Step ${step}`, fields({ answer: string() }));
    return inputRequired({
      inputRequests: { [`step${step}`]: question },
      requestState: await shared.state.mint({ tool: rounds, step }),
    });
  });
  for (const name of ["test_input_required_result_request_state", "test_input_required_result_tampered_state"])
    tool(name, "A confirmation, with state.", async (_args, ctx) => {
      const confirmed = acceptedContent(ctx.mcpReq.inputResponses, "confirm");
      if (stateOf(ctx, name) !== undefined && confirmed) return says("state-ok");
      const question = form("Please confirm", fields({ ok: { type: "boolean" } }));
      return inputRequired({
        inputRequests: { confirm: question },
        requestState: await shared.state.mint({ tool: name }),
      });
    });
  tool("test_input_required_result_capabilities", "What the client can do.", (_args, ctx) => {
    if (ctx.mcpReq.inputResponses !== undefined) return says("Answered");
    const declared =
      ctx.mcpReq.envelope?.[sdk.CLIENT_CAPABILITIES_META_KEY] ?? server.server.getClientCapabilities() ?? {};
    const inputRequests = {
      ...(declared.elicitation && { name: form("What is your name?", fields({ name: string() })) }),
      ...(declared.sampling && { greeting: model("Generate a greeting") }),
      ...(declared.roots && { roots: inputRequired.listRoots() }),
    };
    return Object.keys(inputRequests).length ? inputRequired({ inputRequests }) : says("Nothing to ask you");
  });
  tool("test_streaming_elicitation", "Reports progress, and needs a form.", async (_args, ctx) => {
    const progressToken = ctx.mcpReq._meta?.progressToken;
    if (progressToken !== undefined)
      await ctx.mcpReq.notify({ method: "notifications/progress", params: { progressToken, progress: 1, total: 2 } });
    if (ctx.mcpReq.inputResponses?.name) return says("Hello!");
    return inputRequired({ inputRequests: { name: form("What is your name?", fields({ name: string() })) } });
  });
  if (era === "legacy" && shared.hasSessions) sessionTools(server, tool, UrlElicitationRequiredError);
  askingPromptAndResource(server, inputRequired, form);
}

/** What only a session has: requests of the server's own. */
function sessionTools(server, tool, UrlElicitationRequiredError) {
  tool("test_client_ping", "Pings the client.", async () => {
    await server.server.ping();
    return says("The client answered");
  });
  tool("test_unanswered_request", "Asks the client and gives up soon.", async (_args, ctx) => {
    const params = { messages: [user("Nobody answers this")], maxTokens: 10 };
    try {
      await ctx.mcpReq.requestSampling(params, { timeout: 300 });
      return says("The client answered");
    } catch {
      return says("The client did not answer");
    }
  });
  tool("test_elicitation_url_required", "Wants an address to be opened first.", () => {
    const elicitationId = crypto.randomUUID();
    throw new UrlElicitationRequiredError([
      { mode: "url", message: "Please sign in", url: "https://example.com/required", elicitationId },
    ]);
  });
}

function askingPromptAndResource(server, inputRequired, form) {
  server.registerPrompt("test_input_required_result_prompt", { description: "Asks for its context." }, (ctx) =>
    ctx.mcpReq.inputResponses?.context === undefined
      ? inputRequired({ inputRequests: { context: form("What context?", fields({ context: string() })) } })
      : { messages: [user("Here is your prompt")] },
  );
  server.registerResource("asking", "test://input-required", { mimeType: "text/plain" }, (uri, ctx) =>
    ctx.mcpReq.inputResponses?.reader === undefined
      ? inputRequired({ inputRequests: { reader: form("Who reads this?", fields({ reader: string() })) } })
      : { contents: [{ uri: uri.href, mimeType: "text/plain", text: "Personal text" }] },
  );
}
