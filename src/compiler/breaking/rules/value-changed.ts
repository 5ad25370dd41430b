import type { Param, Version } from "../../model.js";
import { isSent, paramAt } from "../at-version.js";
import type { Rule } from "../finding.js";
import { atVersions, methodBreak, paramSubject } from "../rule-parts.js";
import { sameValue } from "../same.js";
import { valueText } from "../texts.js";

/** The value that is sent for an argument comes from elsewhere, or is converted in another way. */
export const valueChanged: Rule = {
  id: "value-changed",
  category: "ROLLING",
  purpose: "The value that is sent for an argument comes from elsewhere, or is converted in another way.",
  explanation: "Servers of the previous state expect what from, const, convert or fill gave at those versions.",
  check: {
    param: ({ previous, current, both }, method, pair) => {
      if (!isSent(previous) || !isSent(current)) return [];
      const differ = both.filter((version) => !isSame(previous, current, version));
      const [first] = differ;
      if (first === undefined) return [];
      const [before, now] = [text(previous, first), text(current, first)];
      return [
        methodBreak(method, pair, {
          subject: paramSubject(method.current, current),
          message: `the argument "${current.name}" of "${method.current.name}" was ${before} and is ${now}${atVersions(differ, both, pair)}`,
          help: "keep it as it was at those versions",
          at: { current: current.range },
          unless: `${current.name} were sent as before`,
        }),
      ];
    },
  },
};

function isSame(previous: Param, current: Param, version: Version): boolean {
  if (!sameValue(sourceAt(previous, version), sourceAt(current, version))) return false;
  const [before, now] = [paramAt(previous, version).fill, paramAt(current, version).fill];
  if (before !== undefined || now === undefined) return sameValue(before, now);
  // Nobody could leave it out, or servers of the previous state take the same value for nothing.
  return !previous.optional || sameValue(previous.default?.value, now);
}

function sourceAt(param: Param, version: Version): object {
  return { from: param.from, const: param.const, converters: paramAt(param, version).converters };
}

function text(param: Param, version: Version): string {
  const { converters, fill } = paramAt(param, version);
  const source =
    param.from !== undefined
      ? `taken from ${param.from}`
      : param.const !== undefined
        ? `always ${valueText(param.const.value)}`
        : "given by the caller";
  const converted = converters.length === 0 ? "" : `, converted by ${converters.join(" and ")}`;
  return `${source}${converted}${fill === undefined ? "" : `, ${valueText(fill)} where there is none`}`;
}
