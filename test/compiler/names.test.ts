import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { camelCase, pascalCase, repairName, takenTypes } from "../../src/compiler/names.js";

describe("generated names", () => {
  it("are camelCase members and PascalCase types, whatever separates the words", () => {
    expect(camelCase("reboot_instance")).toBe("rebootInstance");
    expect(camelCase("Reboot")).toBe("reboot");
    expect(camelCase("get_v2_info")).toBe("getV2Info");
    expect(pascalCase("compute-task")).toBe("ComputeTask");
    expect(pascalCase("get__all_")).toBe("GetAll");
  });

  it("are suggested in the form that their kind asks for", () => {
    expect(repairName("instance-state", "type")).toBe("InstanceState");
    expect(repairName("rebootInstance!", "method")).toBe("reboot_instance");
    expect(repairName("1st", "method")).toBeUndefined();
  });

  it("are refused for types where generated code imports that name from the runtime", () => {
    const imported = new Set<string>();
    for (const text of generatedFiles()) {
      for (const [, names = ""] of text.matchAll(/^import (?:type )?\{([^}]*)\} from "@rpcgen\/runtime";/gm)) {
        for (const name of names.split(",")) imported.add(name.replace(/^\s*type /, "").trim());
      }
    }
    const types = [...imported].filter((name) => /^[A-Z]/.test(name));
    expect(types).toContain("RPCClient");
    expect(types.filter((name) => !takenTypes.has(name))).toEqual([]);
  });
});

function generatedFiles(): string[] {
  const root = fileURLToPath(new URL("./cases/generate/", import.meta.url));
  return readdirSync(root, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts"))
    .map((file) => readFileSync(root + file, "utf8"));
}
