/** The middle of some numbers, or the mean of the two in the middle; undefined of none. */
export function median(values) {
  const sorted = values.filter((value) => value !== undefined).sort((a, b) => a - b);
  if (sorted.length === 0) return undefined;
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/**
 * What is told of one contestant in one case, from one sample a round. Its ratio is the median of its ratios to another
 * contestant in the same round: the machine may be slower in one round than in the next, for both.
 */
export function summarize(samples, others = []) {
  const of = (name) => median(samples.map((sample) => sample[name]));
  const ratios = samples.map(({ round, rate }) => ratio(rate, others.find((other) => other.round === round)?.rate));
  const cpuRatios = samples.map((sample) => {
    const other = others.find(({ round }) => round === sample.round);
    return ratio(sample.clientCPU + sample.serverCPU, other && other.clientCPU + other.serverCPU);
  });
  const known = ratios.filter((value) => value !== undefined);
  return {
    rounds: samples.length,
    rate: of("rate"),
    ratio: median(ratios),
    leastRatio: known.length === 0 ? undefined : Math.min(...known),
    mostRatio: known.length === 0 ? undefined : Math.max(...known),
    cpuRatio: median(cpuRatios),
    p50: of("p50"),
    p99: of("p99"),
    clientCPU: of("clientCPU"),
    serverCPU: of("serverCPU"),
    brokerCPU: of("brokerCPU"),
    clientRSS: of("clientRSS"),
    serverRSS: of("serverRSS"),
  };
}

function ratio(value, other) {
  return Number.isFinite(value / other) ? value / other : undefined;
}
