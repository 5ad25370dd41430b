import { compareVersions } from "../../versions.js";
import type { Way } from "./form.js";
import type { SentMethod } from "./method.js";
import { paramsOf } from "./params.js";
import { labelsOf, topicOf } from "./routing.js";
import { clipped, refusedWith, rulesAbove, type Shared, sinceOf } from "./shared.js";
import { timing } from "./timing.js";

/** The entry of a method in the draft. */
export function methodEntry(method: SentMethod, shared: Shared): Record<string, unknown> {
  const { notes, oldest } = shared;
  const path = ["methods", method.wireName];
  const note = (text: string): void => {
    notes.push({ path, text: clipped(text) });
  };
  const since = method.since === undefined || compareVersions(method.since, oldest) < 0 ? oldest : method.since;
  const kinds = rulesAbove(method.kinds, since);
  const [newest] = kinds;
  const isFanout = newest?.is === "fanout";
  const { params, server } = paramsOf(method, since, shared, isFanout);
  for (const text of method.remarks) note(text);
  const answers = kinds.some(
    ({ is }) => is === "call" || (typeof is === "object" && [is.true, is.false].includes("call")),
  );
  if (answers && method.isDropped) note("what it answers is not looked at, so that it is taken to give nothing back");
  const isYounger = compareVersions(since, oldest) > 0;
  if (isYounger && method.tooOld !== undefined && method.tooOld.error === undefined && method.tooOld.by === undefined)
    note(`refused below ${since} with an error that could not be read`);
  const formerNames = method.formerNames.filter(({ before }) => compareVersions(before, since) > 0);
  const topic = topicOf(method, since, shared);
  const labels = labelsOf(method, since, shared);
  return {
    ...(method.description === undefined ? {} : { description: method.description }),
    kind:
      kinds.length > 1
        ? kinds.map((each) => ({ ...sinceOf(each), kind: kindEntry(each.is) }))
        : kindEntry(newest?.is ?? "cast"),
    ...(isYounger ? { since } : {}),
    ...(isYounger && method.tooOld !== undefined ? refusedWith("too_old", method.tooOld, shared) : {}),
    ...(formerNames.length === 0 ? {} : { was: formerNames }),
    ...(labels === undefined ? {} : { label: labels }),
    ...(topic === undefined ? {} : { topic }),
    ...(server === undefined ? {} : { server }),
    ...(Object.keys(params).length === 0 ? {} : { params }),
    ...(answers ? timing(method, shared) : {}),
    ...(answers && !method.isDropped ? { returns: "any" } : {}),
  };
}

function kindEntry(kind: Way | "fanout"): unknown {
  if (typeof kind === "string") return kind;
  return new Map<unknown, unknown>([
    ["by", kind.by],
    [true, kind.true],
    [false, kind.false],
  ]);
}
