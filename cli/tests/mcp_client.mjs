// The official client of the Model Context Protocol, driven by a script: calls as JSON on standard input, one line a call, and
// what the client understood of each answer on standard output.
//
//     node mcp_client.mjs COMMAND ARGUMENT...
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import process from "node:process";

const packages = createRequire(pathToFileURL(`${process.env.AGENTSLOCK_NPM}/package.json`));
const load = (name) => import(pathToFileURL(packages.resolve(`@modelcontextprotocol/sdk/${name}`)));
const { Client } = await load("client/index.js");
const { StdioClientTransport } = await load("client/stdio.js");

const [command, ...args] = process.argv.slice(2);
const transport = new StdioClientTransport({ command, args, env: process.env, cwd: process.cwd(), stderr: "inherit" });
const client = new Client({ name: "agentslock-tests", version: "1" });
await client.connect(transport);

let text = "";
for await (const part of process.stdin) text += part;
const say = (answer) => process.stdout.write(JSON.stringify(answer) + "\n");
say({ server: client.getServerVersion(), capabilities: client.getServerCapabilities(), version: transport.protocolVersion ?? client.transport?._protocolVersion ?? null });
for (const line of text.split("\n").filter(Boolean)) {
  const { tool, arguments: given } = JSON.parse(line);
  try {
    if (tool === "ping") say(await client.ping());
    else if (tool === null) say(await client.listTools());
    // Holds the structured content against the tool's schema.
    else say(await client.callTool({ name: tool, arguments: given }));
  } catch (wrong) {
    say({ thrown: wrong.code ?? null, message: wrong.message });
  }
}
await client.close();
