import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Where processes have spent their time: for each profile in a folder the functions with the most of their own, as text. */
export function hottest(folder, count = 40) {
  const files = readdirSync(folder)
    .filter((name) => name.endsWith(".cpuprofile"))
    .sort();
  return files
    .map((name) => `${name}\n${list(JSON.parse(readFileSync(join(folder, name), "utf8")), count)}`)
    .join("\n\n");
}

function list({ nodes, samples, timeDeltas }, count) {
  const byId = new Map(nodes.map((node) => [node.id, node.callFrame]));
  const times = new Map();
  for (const [index, id] of samples.entries()) {
    const { functionName, url, lineNumber } = byId.get(id);
    const place = url.replace(/^file:\/\/.*\/(?=node_modules|src|bench)/, "");
    const name = place === "" ? `(${functionName})` : `${functionName || "anonymous"} ${place}:${lineNumber + 1}`;
    times.set(name, (times.get(name) ?? 0) + timeDeltas[index]);
  }
  const busy = [...times].filter(([name]) => !/^\(+(idle|program)\)+$/.test(name));
  const sum = busy.reduce((total, [, time]) => total + time, 0);
  const all = [...times.values()].reduce((total, time) => total + time, 0);
  const lines = busy
    .sort(([, a], [, b]) => b - a)
    .slice(0, count)
    .map(([name, time]) => `  ${((time / sum) * 100).toFixed(1).padStart(5)} %  ${name}`);
  return [`  busy ${((sum / all) * 100).toFixed(0)} % of ${(all / 1e6).toFixed(1)} s, of which:`, ...lines].join("\n");
}
