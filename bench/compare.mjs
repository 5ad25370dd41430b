// How fast rpcgen is beside what else one could take. Installs the others into this folder, builds rpcgen, and starts a
// RabbitMQ of its own on loopback.
//   npm run bench -- [--case NAME,...] [--contestants NAME,...] [--rounds 5] [--seconds 1.5] [--no-build] [--profile FOLDER]
import "./typescript.mjs";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { cases } from "./compare/cases.mjs";
import { contestants } from "./compare/contestants.mjs";
import { buildAll, compileDefinition, installPeers } from "./compare/prepare.mjs";
import { hottest } from "./compare/profile.mjs";
import { runRounds } from "./compare/rounds.mjs";
import { caseTables } from "./compare/tables.mjs";

const { values } = parseArgs({
  options: {
    case: { type: "string" },
    contestants: { type: "string" },
    rounds: { type: "string", default: "5" },
    seconds: { type: "string", default: "1.5" },
    profile: { type: "string" },
    "no-build": { type: "boolean", default: false },
  },
});
const chosenCases = chosen("case", cases);
const chosenContestants = chosen("contestants", contestants);

await installPeers();
if (!values["no-build"]) await buildAll();
await compileDefinition();
const { startRabbitMQ } = await import("../test/support/rabbitmq.ts");
const rabbitmq = await startRabbitMQ();
try {
  const pid = Number(await rabbitmq.ctl("eval", "io:put_chars(os:getpid()).").then((text) => /\d+/.exec(text)?.[0]));
  const samples = await runRounds({
    cases: chosenCases,
    contestants: chosenContestants,
    rounds: Number(values.rounds),
    seconds: Number(values.seconds),
    url: rabbitmq.url.replace(/^rabbit:/, "amqp:"),
    broker: [pid],
    profile: values.profile && resolve(values.profile),
    say: (title, all) =>
      console.error(`${title}: ${all.map(({ contestant, rate }) => `${contestant} ${Math.round(rate)}`).join(", ")}`),
  });
  console.log(caseTables(samples, chosenCases, chosenContestants));
  if (values.profile !== undefined) console.log(`\n${hottest(values.profile)}`);
} finally {
  await rabbitmq.stop();
}

function chosen(option, all) {
  const names = values[option]?.split(",") ?? all.map(({ name }) => name);
  const unknown = names.filter((name) => !all.some((each) => each.name === name));
  if (unknown.length === 0) return all.filter(({ name }) => names.includes(name));
  console.error(`--${option}: there is no ${unknown.join(", ")}; there are ${all.map(({ name }) => name).join(", ")}`);
  process.exit(2);
}
