// What generated encoders cost beside printing a value the general way, for arguments of several shapes and sizes. Both
// write their text into a buffer, as a request does: a text that was put together of pieces is joined only there.
// Interleaved rounds in one process; the table has medians of processor time. The command fails when an encoder is slower than doing
// without it. The last rows are values that do not fit their types, which is nobody's common case.
//
//   node bench/encoders.mjs [ROUNDS]

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { transform } from "esbuild";
import { compile, defaultConfig } from "../dist/compiler/index.js";
import "./typescript.mjs";

const { createCodec } = await import("../src/runtime/codec.ts");
const { stringifyJSON } = await import("../src/runtime/wire/json.ts");

const ROUNDS = Number(process.argv[2] ?? 9);
/** Characters of a round of each case: what is short is printed more often. */
const CHARACTERS = 6_000_000;
/** What noise makes of one. */
const LEAST = 0.9;

const definition = `
rpcapi: 1
service: bench
topic: bench
versions: { "1.0": First. }
types:
  Server:
    fields:
      uuid: uuid
      host: string?
      state: State
      launched_at: datetime
      vcpus: integer
      memory_mb: number
      locked: boolean
      name: { type: string, optional: true }
      key_name: { type: string?, optional: true }
  State: { enum: [building, active, paused, stopped, error] }
  Event: { one_of: { moved: Moved, failed: Failed }, tag: kind }
  Moved: { fields: { source: string, target: string, at: datetime } }
  Failed: { fields: { reason: string, code: integer } }
  Loose: { fields: { id: uuid, name: string, state: State, host: string, at: date, a: any } }
  Looser: { fields: { id: uuid, name: string, state: State, a: any, b: any, c: "map<any>" } }
  Sealed:
    object: { name: Sealed, namespace: bench, version: "1.0" }
    fields: { uuid: uuid, host: string?, vcpus: integer, name: { type: string, optional: true } }
methods:
  take:
    kind: cast
    params:
      server: Server
      servers: list<Server>
      text: string
      state: State
      count: integer
      flag: boolean
      big: bigint
      texts: list<string>
      numbers: list<integer>
      floats: list<number>
      map: map<string>
      maps: map<integer>
      events: list<Event>
      loose: Loose
      looses: list<Loose>
      looser: Looser
      sealed: Sealed
      sealeds: list<Sealed>
`;

const hex = (length) => {
  let text = "";
  while (text.length < length) text += Math.random().toString(16).slice(2);
  return text.slice(0, length);
};
const many = (count, make) => Array.from({ length: count }, (_, index) => make(index));
const server = () => ({
  uuid: `${hex(8)}-${hex(4)}-4${hex(3)}-8${hex(3)}-${hex(12)}`,
  host: `compute-${hex(6)}`,
  state: "active",
  launched_at: "2024-05-01T12:00:00.123456",
  vcpus: 4,
  memory_mb: 8192,
  locked: false,
  name: `vm-${hex(8)}`,
});
const event = (index) =>
  index % 2 === 0
    ? { kind: "moved", source: hex(10), target: hex(10), at: "2024-05-01T12:00:00.123456" }
    : { kind: "failed", reason: hex(20), code: index };
const loose = (a) => ({ id: hex(36), name: hex(12), state: "active", host: hex(12), at: "2024-05-01", a });
const sealed = () => ({ uuid: hex(36), host: hex(12), vcpus: 4, name: hex(12) });
const dictionary = (count, make) => Object.fromEntries(many(count, (index) => [hex(8), make(index)]));
class Row {
  constructor(fields) {
    Object.assign(this, fields);
  }
}

/** The parameter, a name for the table, and how a value is made. */
const cases = [
  ["server", "record of 8 fields", server],
  ["servers", "40 records", () => many(40, server)],
  ["text", "text of 20", () => hex(20)],
  ["text", "text of 200", () => hex(200)],
  ["text", "text of 10,000", () => hex(10_000)],
  ["text", "text of 10,000, 1 % quotes", () => hex(10_000).replaceAll("a1", '"')],
  ["text", "text of 10,000, not latin", () => `日本${hex(10_000)}`],
  ["state", "enum", () => "active"],
  ["count", "integer", () => 12345],
  ["flag", "boolean", () => true],
  ["big", "bigint", () => 2n ** 70n],
  ["texts", "list of 8 texts", () => many(8, () => hex(20))],
  ["texts", "list of 400 texts", () => many(400, () => hex(20))],
  ["numbers", "list of 40 integers", () => many(40, () => Math.floor(Math.random() * 1e5))],
  ["numbers", "list of 1,700 integers", () => many(1_700, () => Math.floor(Math.random() * 1e5))],
  ["floats", "list of 500 numbers", () => many(500, () => Math.random())],
  ["map", "map of 8 texts", () => dictionary(8, () => hex(12))],
  ["map", "map of 350 texts", () => dictionary(350, () => hex(12))],
  ["maps", "map of 500 integers", () => dictionary(500, (index) => index)],
  ["events", "2 of a union", () => many(2, event)],
  ["events", "100 of a union", () => many(100, event)],
  ["loose", "record, a sixth of it any: small", () => loose({ a: hex(8) })],
  ["looses", "50 records, a sixth of it any: small", () => many(50, () => loose({ a: hex(8) }))],
  ["loose", "record, a sixth of it any: 10,000", () => loose(many(40, server))],
  ["looser", "record, half of it any", () => ({ id: hex(36), name: hex(12), state: "active", a: 1, b: null, c: {} })],
  ["sealed", "versioned object", sealed],
  ["sealeds", "80 versioned objects", () => many(80, sealed)],
];
const unfit = [
  ["server", "record with a key more", () => ({ ...server(), more: 1 })],
  ["servers", "40 records with a key more", () => many(40, () => ({ ...server(), more: 1 }))],
  ["server", "record with an undefined field", () => ({ ...server(), key_name: undefined })],
  ["server", "record that lacks a field", () => ({ ...server(), host: undefined })],
  ["server", "object of a class", () => new Row(server())],
  ["sealed", "versioned object with a key more", () => ({ ...sealed(), more: 1 })],
];

const { encoders, service } = await generated();
const codec = createCodec(service.codecs);
const buffer = Buffer.allocUnsafe(1 << 20);
const rows = [...cases, ...unfit].map(([param, title, make]) => {
  const values = many(64, make);
  const print = encoders.take.params?.[param];
  const form = service.methods.take.params[param].codec;
  const general = (value) => JSON.stringify(stringifyJSON(codec.encode(value, form))).slice(1, -1);
  for (const value of values.slice(0, 4)) {
    const [one, other] = [print?.(value) ?? general(value), general(value)].map((text) =>
      JSON.parse(JSON.parse(`"${text}"`)),
    );
    if (JSON.stringify(sorted(one)) !== JSON.stringify(sorted(other))) throw new Error(`${title}: the texts differ`);
  }
  return {
    title,
    values,
    ways: { general, print },
    size: general(values[0]).length,
    times: { general: [], print: [] },
  };
});
for (let round = 0; round < ROUNDS + 2; round += 1) {
  for (const { values, ways, size, times } of rows) {
    const calls = Math.max(200, Math.min(40_000, Math.ceil(CHARACTERS / size)));
    for (const [way, print] of Object.entries(ways)) {
      if (print === undefined) continue;
      const start = process.cpuUsage();
      for (let call = 0; call < calls; call += 1) buffer.utf8Write(print(values[call & 63]), 0);
      const { user, system } = process.cpuUsage(start);
      // The first rounds warm the compiler.
      if (round >= 2) times[way].push((user + system) / calls);
    }
  }
}

console.log("| value | characters | general, us | encoder, us | ratio |\n|---|---|---|---|---|");
for (const { title, size, times } of rows) {
  const [general, print] = [median(times.general), median(times.print)];
  const ratio = general / print;
  const shown = times.print.length === 0 ? "none | " : `${print.toFixed(2)} | ${ratio.toFixed(2)}`;
  console.log(`| ${title} | ${size} | ${general.toFixed(2)} | ${shown} |`);
  if (ratio < LEAST && cases.some(([, name]) => name === title)) {
    console.log(`\n${title}: an encoder that is slower than none`);
    process.exitCode = 1;
  }
}

/** The encoders and the descriptor that rpcgen makes of the definition. */
async function generated() {
  const { files, diagnostics } = compile([{ path: "bench.yaml", text: definition }], defaultConfig);
  if (files.length === 0) throw new Error(diagnostics.map(({ message }) => message).join("\n"));
  const cache = fileURLToPath(new URL("../node_modules/.cache/", import.meta.url));
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, "encoders-"));
  try {
    for (const name of ["encoders", "descriptor"]) {
      const { text } = files.find(({ path }) => path === `bench/${name}.ts`);
      const { code } = await transform(text, { loader: "ts", format: "esm" });
      writeFileSync(join(folder, `${name}.js`), code);
    }
    const load = (name) => import(pathToFileURL(join(folder, `${name}.js`)).href);
    return { ...(await load("encoders")), service: (await load("descriptor")).benchService };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** With its keys in one order. */
function sorted(value) {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((key) => [key, sorted(value[key])]),
  );
}

function median(values) {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
}
