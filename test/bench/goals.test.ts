import { describe, expect, it } from "vitest";
import { checkGoals, type Sample } from "../../bench/compare/goals.mjs";

function sample(contestant: string, round: number, rate: number, cpu = 10): Sample {
  return { case: "rpc-200-32", contestant, round, rate, clientCPU: cpu, serverCPU: cpu };
}

function figureOf(samples: readonly Sample[], title: string): readonly [number | undefined, boolean | undefined] {
  const goal = checkGoals({ samples }).find((each) => each.title.startsWith(title));
  return [goal?.figure, goal?.reached];
}

describe("the goals of npm run bench", () => {
  it("compare contestants within a round, since the machine may be slower in the next", () => {
    const samples = [
      ...[sample("raw", 1, 10_000), sample("raw", 2, 2_000), sample("raw", 3, 8_000)],
      ...[sample("rpcgen", 1, 14_000), sample("rpcgen", 2, 3_000), sample("rpcgen", 3, 16_000)],
    ];
    expect(figureOf(samples, "RPC, 200 B, 32 in flight, against raw")).toEqual([1.5, true]);
  });

  it("leave rounds out in which one of the two is missing", () => {
    const samples = [sample("raw", 1, 10_000), sample("rpcgen", 1, 12_000), sample("rpcgen", 2, 90_000)];
    expect(figureOf(samples, "RPC, 200 B, 32 in flight, against raw")).toEqual([1.2, false]);
  });

  it("want less of the processor, and more calls", () => {
    const samples = [sample("raw", 1, 10_000, 20), sample("rpcgen", 1, 20_000, 16)];
    expect(figureOf(samples, "CPU of client and server")).toEqual([0.8, false]);
  });

  it("say nothing of what was not run", () => {
    expect(checkGoals({ samples: [] })).toEqual([]);
    const startUp = [{ name: "memory", above: 0.0261 }];
    expect(checkGoals({ samples: [], startUp })).toMatchObject([{ figure: expect.closeTo(26.1), reached: false }]);
  });
});
