/** The middle of some numbers, or the mean of the two in the middle; undefined of none. */
export function median(values) {
  const sorted = values.filter((value) => Number.isFinite(value)).sort((a, b) => a - b);
  if (sorted.length === 0) return undefined;
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/**
 * The ratio of two contestants in each round in which both took part: the machine may be slower in one round than in the
 * next, for both. Samples are those of one case.
 */
export function ratios(samples, others, measure = ({ rate }) => rate) {
  return samples.flatMap((sample) => {
    const other = others.find(({ round }) => round === sample.round);
    const ratio = other && measure(sample) / measure(other);
    return Number.isFinite(ratio) ? [ratio] : [];
  });
}

/** What is told of a contestant's samples in one case: the median of each number in them. */
export function medians(samples) {
  const names = Object.keys(samples[0] ?? {}).filter((name) => typeof samples[0][name] === "number");
  return Object.fromEntries(names.map((name) => [name, median(samples.map((sample) => sample[name]))]));
}
