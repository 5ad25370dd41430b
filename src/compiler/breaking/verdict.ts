import type { Version } from "../model.js";
import { compareVersions, majorOf } from "../versions.js";
import type { ServicePair } from "./comparison.js";
import type { Finding, Step } from "./finding.js";
import { growthOf } from "./growth.js";

/** Which version a service's changes need. */
export interface Verdict {
  readonly service: string;
  /** The file that defines it. */
  readonly source: string;
  /** The newest version of the previous state. */
  readonly previous: Version;
  /** The newest version of the current one. */
  readonly declared: Version;
  /** The step that the changes need. */
  readonly needs: Step;
  /** The least version that may carry them. */
  readonly required: Version;
  /** Whether the declared version is one that may carry them. */
  readonly isEnough: boolean;
  /** Why it is not less: the changes that need this step, in the words of findings. */
  readonly reasons: readonly string[];
  /** A lower version, and all that would have to be so for it to do. */
  readonly otherwise?: { readonly version: Version; readonly conditions: readonly string[] };
  /** What has changed, as the description of a version has it: `adds pause_instance`. */
  readonly notes: readonly string[];
}

/**
 * The least version that may carry the changes of a service.
 *
 * @param accepted findings that do not count, and what they speak of neither
 */
export function verdictOf(pair: ServicePair, findings: readonly Finding[], accepted: readonly Finding[]): Verdict {
  const told = [...findings.filter(({ needs }) => needs !== "none"), ...accepted];
  const growth = growthOf(pair).filter(({ subject }) => !isToldBy(subject, told));
  const causes = [
    ...findings.map(({ needs, message, unless }) => ({ needs, reason: message, unless })),
    ...growth.map(({ needs, note, unless }) => ({ needs, reason: `it ${note}`, unless })),
  ];
  const needs: Step =
    (["major", "minor"] as const).find((step) => causes.some((cause) => cause.needs === step)) ?? "none";
  const deciding = causes.filter((cause) => cause.needs === needs && needs !== "none");
  const { previous, current: declared } = pair.versions;
  const required = needs === "none" ? previous : stepped(previous, needs);
  const conditions = deciding.map(({ unless }) => unless);
  const isAvoidable = needs === "major" && conditions.every((condition) => condition !== undefined);
  const isEnough = needs === "major" ? majorOf(declared) > majorOf(previous) : compareVersions(declared, required) >= 0;
  return {
    service: pair.current.name,
    source: pair.current.source,
    previous,
    declared,
    needs,
    required,
    isEnough,
    reasons: unique(deciding.map(({ reason }) => reason)),
    ...(isAvoidable
      ? {
          otherwise: {
            version: stepped(previous, "minor"),
            conditions: unique(conditions.flatMap((one) => one ?? [])),
          },
        }
      : {}),
    notes: unique([
      ...findings.flatMap(({ note }) => note ?? []),
      ...growth.flatMap(({ subject, note }) => (isToldBy(subject, findings) ? [] : [note])),
    ]),
  };
}

/** Whether a finding speaks of the same thing, or of something in it. */
function isToldBy(subject: string, findings: readonly Finding[]): boolean {
  return findings.some((finding) => finding.subject === subject || finding.subject.startsWith(`${subject}.`));
}

function stepped(version: Version, step: "minor" | "major"): Version {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return step === "major" ? `${major + 1}.0` : `${major}.${minor + 1}`;
}

function unique(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)];
}
