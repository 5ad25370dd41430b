import { readFileSync } from "node:fs";
import { cpus, release, totalmem, type } from "node:os";
import { checkGoals } from "./goals.mjs";
import { caseTables, generatorTable, goalsTable, startUpTable } from "./tables.mjs";

/** All results as one Markdown page. `about` says when, where and with what they were made. */
export function report(results, cases, contestants, about) {
  const { samples, startUp, generators } = results;
  return `# Results of npm run bench

Written by \`${about.command}\` on ${about.date}; [docs/performance.md](../docs/performance.md) says what is measured and
what is behind the figures.

${about.lines.map((line) => `- ${line}`).join("\n")}

![Operations per second against amqplib by hand](results.svg)

## Goals

${goalsTable(checkGoals(results))}

## On the broker

A ratio is the median of the ratios to ${contestants.find(({ name }) => name === "raw").title}, in the same round; beside it are
the least and the most of all rounds. The other numbers are medians of the rounds. CPU is time of the processor, in milliseconds for
1,000 operations.

${caseTables(samples, cases, contestants)}

## Start of a program

${startUpTable(startUp)}

## The generator

${generatorTable(generators)}
`;
}

/** What makes results comparable: the machine, and the versions of everything that took part. */
export function circumstances({ command, rounds, seconds, broker, python }) {
  const processor = cpus();
  const packages = [
    "amqplib",
    "rabbitmq-client",
    "@nestjs/microservices",
    "moleculer",
    "@bufbuild/buf",
    "@bufbuild/protoc-gen-es",
  ];
  const versions = packages.map((name) => `${name} ${versionOf(name)}`);
  return {
    command,
    date: new Date().toISOString().slice(0, 16).replace("T", " ").concat(" UTC"),
    lines: [
      `${processor.length} cores of ${processor[0]?.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GB, ${type()} ${release()}; other work may have run beside it`,
      `Node.js ${process.versions.node}, RabbitMQ ${broker} on loopback, ${versions.join(", ")}, oslo.messaging ${python}`,
      `${rounds} rounds; ${seconds} s for each case and contestant in a round, in turns of half of that, after a warm-up`,
    ],
  };
}

function versionOf(name) {
  const url = new URL(`../node_modules/${name}/package.json`, import.meta.url);
  return JSON.parse(readFileSync(url, "utf8")).version;
}
