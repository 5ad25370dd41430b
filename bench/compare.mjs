// How fast rpcgen is beside what else one could take. Installs the others into this folder, builds rpcgen, and starts a
// RabbitMQ of its own on loopback. A run of everything takes about twelve minutes and writes results.md and results.svg; one
// of a part prints its tables alone.
//   npm run bench -- [--case NAME,...] [--contestants NAME,...] [--rounds 5] [--seconds 1.2] [--no-build] [--profile FOLDER]
// A NAME of a case may be the beginning of several, such as rpc or rpc-200.
import "./typescript.mjs";
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { cases } from "./compare/cases.mjs";
import { chart } from "./compare/chart.mjs";
import { contestants } from "./compare/contestants.mjs";
import { measureGenerators } from "./compare/generators.mjs";
import { checkGoals } from "./compare/goals.mjs";
import { buildAll, compileDefinition, installPeers } from "./compare/prepare.mjs";
import { hottest } from "./compare/profile.mjs";
import { circumstances, report } from "./compare/report.mjs";
import { runRounds } from "./compare/rounds.mjs";
import { measureStartUp } from "./compare/start-up.mjs";
import { caseTables, generatorTable, goalsTable, startUpTable } from "./compare/tables.mjs";

const { values } = parseArgs({
  options: {
    case: { type: "string" },
    contestants: { type: "string" },
    rounds: { type: "string", default: "5" },
    seconds: { type: "string", default: "1.2" },
    profile: { type: "string" },
    "no-build": { type: "boolean", default: false },
    /** Writes the files anew from the results of the last run of everything, after a change of how they look. */
    again: { type: "boolean", default: false },
  },
});
const [rounds, seconds] = [Number(values.rounds), Number(values.seconds)];
const others = [{ name: "start-up" }, { name: "generate" }];
const taking = chosen("contestants", contestants, (name, wanted) => name === wanted);
const chosenCases = chosen(
  "case",
  [...cases, ...others],
  (name, wanted) => name === wanted || name.startsWith(`${wanted}-`),
);
const brokerCases = chosenCases.filter((each) => cases.includes(each));
const isComplete = values.case === undefined && values.contestants === undefined;
const last = new URL("dist/results.json", import.meta.url);

if (values.again) {
  const { results, about } = JSON.parse(readFileSync(last, "utf8"));
  write(results, about);
} else {
  await installPeers();
  if (!values["no-build"]) await buildAll();
  await compileDefinition();
  const { results, broker } = await measure();
  if (brokerCases.length > 0) console.log(`\n${caseTables(results.samples, cases, contestants)}`);
  if (results.startUp !== undefined) console.log(`\n### Start of a program\n\n${startUpTable(results.startUp)}`);
  if (results.generators !== undefined) console.log(`\n### The generator\n\n${generatorTable(results.generators)}`);
  if (checkGoals(results).length > 0) console.log(`\n### Goals\n\n${goalsTable(checkGoals(results))}`);
  if (values.profile !== undefined) console.log(`\n${hottest(values.profile)}`);
  if (isComplete)
    write(results, circumstances({ command: commandLine(), rounds, seconds, broker, python: pythonVersion() }));
}

/** Runs what was chosen; gives the results, and the broker's version. */
async function measure() {
  const results = { samples: [] };
  const say = (text) => console.error(`${new Date().toISOString().slice(11, 19)} ${text}`);
  const isChosen = (name) => chosenCases.some((each) => each.name === name);
  let broker = "";
  if (brokerCases.length > 0 || isChosen("start-up")) {
    const { startRabbitMQ } = await import("../test/support/rabbitmq.ts");
    const rabbitmq = await startRabbitMQ();
    try {
      const url = rabbitmq.url.replace(/^rabbit:/, "amqp:");
      const pid = Number(/\d+/.exec(await rabbitmq.ctl("eval", "io:put_chars(os:getpid())."))?.[0]);
      broker = (await rabbitmq.ctl("version")).trim();
      if (isChosen("start-up")) results.startUp = await measureStartUp(url, 25);
      results.samples = await runRounds({
        cases: brokerCases,
        contestants: taking,
        rounds,
        seconds,
        url,
        broker: [pid],
        profile: values.profile && resolve(values.profile),
        say: (title, all) =>
          say(`${title}: ${all.map(({ contestant, rate }) => `${contestant} ${Math.round(rate)}`).join(", ")}`),
      });
    } finally {
      await rabbitmq.stop();
    }
  }
  if (isChosen("generate")) results.generators = await measureGenerators(say);
  return { results, broker };
}

function write(results, about) {
  mkdirSync(new URL("dist/", import.meta.url), { recursive: true });
  writeFileSync(last, JSON.stringify({ results, about }));
  writeFileSync(new URL("results.md", import.meta.url), report(results, cases, contestants, about));
  writeFileSync(new URL("results.svg", import.meta.url), chart(results, cases, contestants));
  console.log("\nwritten: bench/results.md, bench/results.svg");
}

function commandLine() {
  return ["npm run bench", ...(process.argv.length > 2 ? ["--", ...process.argv.slice(2)] : [])].join(" ");
}

function pythonVersion() {
  const script = "import importlib.metadata as m; print(m.version('oslo.messaging'))";
  return execFileSync("/usr/bin/python3", ["-c", script], { encoding: "utf8" }).trim();
}

function chosen(option, all, matches) {
  const wanted = values[option]?.split(",");
  if (wanted === undefined) return all;
  const unknown = wanted.filter((each) => !all.some(({ name }) => matches(name, each)));
  if (unknown.length === 0) return all.filter(({ name }) => wanted.some((each) => matches(name, each)));
  console.error(`--${option}: there is no ${unknown.join(", ")}; there are ${all.map(({ name }) => name).join(", ")}`);
  process.exit(2);
}
