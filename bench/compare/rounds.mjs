import { Pair } from "./pair.mjs";

/**
 * Runs the cases in rounds and gives a sample for each case, contestant and round. In a round every contestant has new
 * processes. They take turns within each case, a fraction of a second at a time, so that a slow moment of the machine
 * falls on all of them.
 */
export async function runRounds({ cases, contestants, rounds, ...setting }) {
  const samples = [];
  for (let round = 1; round <= rounds; round++) {
    for (const group of grouped(cases)) {
      await runGroup(group, rotated(contestants, round), { ...setting, round, samples });
    }
  }
  return samples;
}

const slices = 2;
/** Seconds for the compiler in new processes, with enough in flight to be done with it; then for what differs in a case. */
const warmUp = { first: 1.5, firstInFlight: 32, later: 0.3 };

async function runGroup(cases, contestants, setting) {
  const { round, samples, seconds, say } = setting;
  const pairs = new Map();
  try {
    for (const contestant of contestants) {
      if (!cases.some(({ operation }) => contestant.operations.includes(operation))) continue;
      pairs.set(contestant, await Pair.start(contestant, cases[0].servers, setting));
    }
    const warm = new Set();
    for (const each of cases) {
      const taking = [...pairs].filter(([contestant]) => contestant.operations.includes(each.operation));
      const parts = new Map(taking.map(([contestant]) => [contestant, []]));
      for (let slice = 0; slice <= slices; slice++) {
        for (const [contestant, pair] of taking) {
          if (slice === 0) {
            if (!warm.has(pair)) await pair.run({ ...each, inFlight: warmUp.firstInFlight }, warmUp.first);
            warm.add(pair);
            await pair.run(each, warmUp.later);
          } else {
            parts.get(contestant).push(await pair.run(each, seconds / slices));
          }
        }
      }
      for (const [contestant, runs] of parts) {
        samples.push({ case: each.name, contestant: contestant.name, round, ...joined(runs) });
      }
      say(
        `round ${round}: ${each.name}`,
        samples.filter((sample) => sample.case === each.name && sample.round === round),
      );
    }
  } finally {
    await Promise.all([...pairs.values()].map((pair) => pair.stop()));
  }
}

/** What one contestant did in all its turns of a case. CPU is in milliseconds for 1,000 operations. */
function joined(runs) {
  const sum = (name) => runs.reduce((total, run) => total + run[name], 0);
  const most = (name) => Math.max(...runs.map((run) => run[name]));
  const count = sum("count");
  const cpu = (name) => (sum(name) * 1e6) / count;
  return {
    rate: count / sum("seconds"),
    p50: sum("p50") / runs.length,
    p99: sum("p99") / runs.length,
    clientCPU: cpu("client"),
    serverCPU: cpu("server"),
    brokerCPU: cpu("broker"),
    clientRSS: most("clientRSS"),
    serverRSS: most("serverRSS"),
  };
}

/** Each round begins with another, so that none has always the same neighbours before it. */
function rotated(list, round) {
  const start = (round - 1) % list.length;
  return [...list.slice(start), ...list.slice(0, start)];
}

/** Cases with the same number of servers share processes, unless they are different contestants'. */
function grouped(cases) {
  const groups = new Map();
  for (const each of cases) {
    const key = `${each.servers} ${each.base}`;
    groups.set(key, [...(groups.get(key) ?? []), each]);
  }
  return groups.values();
}
