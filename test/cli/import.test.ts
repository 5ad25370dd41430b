import { describe, expect, it } from "vitest";
import { runProgram } from "../../src/cli/program.js";
import { memoryIo } from "./memory-io.js";

const files = {
  "src/desk.ts":
    'import type { Order } from "./order.js";\nexport interface Desk { get(id: string): Promise<Order> }\n',
  "src/order.ts": "export interface Order { id: string }\n",
};
const command = ["import", "typescript", "src/desk.ts", "--interface"];

describe("rpcgen import typescript", () => {
  it("prints the definition, with types of imported files", async () => {
    const io = memoryIo(files);
    expect(await runProgram([...command, "Desk"], io)).toBe(0);
    const { stdout, stderr } = io.printed();
    expect(stdout).toContain("types:\n  Order: { fields: { id: string } }\n");
    expect(stderr).toBe("");
  });

  it("writes a file that generate takes, and overwrites none", async () => {
    const io = memoryIo(files);
    expect(await runProgram([...command, "Desk", "--out", "schemas/desk.yaml"], io)).toBe(0);
    expect(io.printed().stdout).toBe("schemas/desk.yaml: service desk with 1 method; 1 comment to read\n");
    expect(await runProgram(["generate", "schemas", "--out", "generated"], io)).toBe(0);
    expect(await runProgram([...command, "Desk", "--out", "schemas/desk.yaml"], io)).toBe(2);
    expect(io.printed().stderr).toContain("error: there is a schemas/desk.yaml already\n");
  });

  it("calls an unknown interface or file a misuse", async () => {
    const io = memoryIo(files);
    expect(await runProgram([...command, "Dusk"], io)).toBe(2);
    expect(io.printed().stderr).toContain('there is no interface "Dusk" in src/desk.ts\nhelp: did you mean "Desk"?\n');
    expect(await runProgram(["import", "typescript", "no.ts", "--interface", "Desk"], io)).toBe(2);
  });
});

describe("rpcgen import python", () => {
  it("prints the definition of the class that sends", async () => {
    const io = memoryIo({ "api.py": "class DeskAPI:\n    def ping(self, ctxt):\n        self.c.cast(ctxt, 'ping')\n" });
    expect(await runProgram(["import", "python", "api.py"], io)).toBe(0);
    expect(io.printed().stdout).toContain("methods:\n  ping: { kind: cast }\n");
    expect(await runProgram(["import", "python", "api.py", "--class", "DeskApi"], io)).toBe(2);
    expect(io.printed().stderr).toContain('there is no class "DeskApi" in api.py\nhelp: did you mean "DeskAPI"?\n');
  });
});
