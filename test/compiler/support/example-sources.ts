import type { Source } from "../../../src/compiler/index.js";

/** The files of an example: the first without a name, the others below `# file: NAME`; with the keys that examples leave out. */
export function exampleSources(example: string): Source[] {
  const [first = "", ...others] = example.split(/^# file: (.*)\n/m);
  const sources: Source[] = [];
  if (first !== "" || others.length === 0) {
    const wanted = [
      ["rpcapi", "rpcapi: 1\n"],
      ["service", "service: demo\n"],
      ["versions", 'versions: { "1.0": First version. }\n'],
    ] as const;
    const added = wanted.filter(([key]) => !new RegExp(`^#? ?${key}:`, "m").test(first)).map(([, line]) => line);
    const isWhole = /^(# )?rpcapi: 1\n$/.test(first);
    sources.push({ path: "demo.yaml", text: (isWhole ? "" : added.join("")) + first });
  }
  for (let index = 0; index < others.length; index += 2) {
    sources.push({ path: others[index] ?? "", text: others[index + 1] ?? "" });
  }
  return sources;
}
