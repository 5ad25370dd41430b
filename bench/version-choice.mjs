// What choosing version, shape and target costs each request: Sending.prepare, at several caps of the compute example,
// beside making the same request by hand: its arguments are printed in both. Interleaved rounds in one process; the table has medians.

import "./typescript.mjs";

const { createCodec } = await import("../src/runtime/codec.ts");
const { convertersOf } = await import("../src/runtime/converters.ts");
const { Sending } = await import("../src/runtime/sending.ts");
const { ordinalOf } = await import("../src/runtime/version.ts");
const { anyText } = await import("../src/runtime/wire/escaped.ts");

const LIMIT = 1_000; // nanoseconds a call, when nothing is dropped
const ROUNDS = 15;
const CALLS = 200_000;

const service = {
  name: "compute",
  topic: "compute",
  versions: ["5.0", "5.12", "6.0", "6.1", "6.5"],
  methods: {
    rebuild_instance: {
      member: "rebuildInstance",
      kind: "cast",
      server: ["host", "instance.host"],
      topic: [{ since: "6.5", value: "compute-alt" }, { value: "compute" }],
      params: {
        instance: {},
        host: { optional: true, local: true },
        image_ref: {},
        accel_uuids: { since: "5.12", whenOlder: "drop" },
        reimage_boot_volume: { since: "6.1", optional: true, default: false },
        flavor: { was: [{ before: "6.0", name: "instance_type" }] },
      },
    },
  },
};
const args = {
  instance: { uuid: "u", host: "host1" },
  image_ref: "image",
  accel_uuids: ["a"],
  reimage_boot_volume: false,
  flavor: { name: "small" },
};
const codec = createCodec();
const converters = convertersOf(undefined, "compute");
const at = (cap) => new Sending(service, "rebuild_instance", ordinalOf(cap), codec, converters);
const caps = {
  "6.5, nothing dropped": at("6.5"),
  "6.0, default left out": at("6.0"),
  "5.0, dropped and renamed": at("5.0"),
};

const cases = [
  [
    "by hand",
    () => ({
      kind: "cast",
      method: "rebuild_instance",
      version: "6.1",
      args: printed(args),
      topic: "compute-alt",
      server: args.instance.host,
    }),
  ],
  ...Object.entries(caps).map(([name, sending]) => [`cap ${name}`, () => sending.prepare(args, {})]),
];
const [byHand, chosen] = [cases[0][1](), cases[1][1]()];
if (byHand.args !== chosen.args || byHand.version !== chosen.version)
  throw new Error("the two make different requests");
const times = cases.map(() => []);
let kept;
for (let round = 0; round < ROUNDS + 3; round += 1) {
  for (const [index, [, run]] of cases.entries()) {
    const start = process.hrtime.bigint();
    for (let call = 0; call < CALLS; call += 1) kept = run();
    // The first rounds warm the compiler.
    if (round >= 3) times[index].push(Number(process.hrtime.bigint() - start) / CALLS);
  }
}
if (kept === undefined) throw new Error("nothing was made");
console.log("| case | ns a call |\n|---|---|");
for (const [index, [name]] of cases.entries()) console.log(`| ${name} | ${median(times[index]).toFixed(0)} |`);
const cost = median(times[1]) - median(times[0]);
console.log(
  `\nversion choice when nothing is dropped: ${cost.toFixed(0)} ns a call above making the request by hand (at most ${LIMIT})`,
);
if (cost > LIMIT) process.exitCode = 1;

/** What a program does that knows the one shape: each value as the general way prints it, behind its name. */
function printed({ instance, image_ref, accel_uuids, reimage_boot_volume, flavor }) {
  return `{\\"instance\\":${anyText(instance)},\\"image_ref\\":${anyText(image_ref)},\\"accel_uuids\\":${anyText(accel_uuids)},\\"reimage_boot_volume\\":${anyText(reimage_boot_volume)},\\"flavor\\":${anyText(flavor)}}`;
}

function median(values) {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
}
