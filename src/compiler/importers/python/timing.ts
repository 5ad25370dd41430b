import { namePatterns } from "../../names.js";
import type { SentMethod } from "./method.js";
import type { Shared } from "./shared.js";
import { pathsIn, textOf, type Value } from "./value.js";

/** A number is a duration; anything else a profile, whose value the reader has to give. */
export function timing(
  { timeout, heartbeat, parameters, wireName }: SentMethod,
  shared: Shared,
): Record<string, unknown> {
  const found: Record<string, unknown> = {};
  const names = new Set(parameters.map(({ name }) => name));
  if (timeout === undefined && heartbeat === undefined) return found;
  const isOfCaller = [timeout, heartbeat].some(
    (each) => each !== undefined && pathsIn(each).some(([head]) => names.has(head ?? "")),
  );
  if (isOfCaller) {
    const text = [timeout, heartbeat].flatMap((each) => (each === undefined ? [] : [textOf(each)])).join(" and ");
    shared.notes.push({
      path: ["methods", wireName],
      text: `its time-out is ${text}, which callers give in the options`,
    });
    return found;
  }
  const [own, pulse] = [seconds(timeout), seconds(heartbeat)];
  if ((timeout === undefined || own !== undefined) && (heartbeat === undefined || pulse !== undefined))
    return { ...(own === undefined ? {} : { timeout: own }), ...(pulse === undefined ? {} : { heartbeat: pulse }) };
  const profile = nameOfProfile(timeout ?? heartbeat);
  if (!shared.timeouts.has(profile)) {
    shared.timeouts.set(
      profile,
      heartbeat === undefined ? (own ?? "60s") : { timeout: own ?? "30m", heartbeat: pulse ?? "60s" },
    );
    const texts = [
      ...(timeout === undefined || own !== undefined ? [] : [textOf(timeout)]),
      ...(heartbeat === undefined || pulse !== undefined ? [] : [`${textOf(heartbeat)} for the heartbeat`]),
    ];
    shared.notes.push({ path: ["timeouts", profile], text: `Python takes ${texts.join(", ")}; put its value here` });
  }
  return { timeout: profile };
}

function seconds(value: Value | undefined): string | undefined {
  return value?.kind === "literal" && typeof value.value === "number" && value.value > 0
    ? `${value.value}s`
    : undefined;
}

function nameOfProfile(value: Value | undefined): string {
  const name = value === undefined ? "" : (/[A-Za-z]\w*$/.exec(textOf(value))?.[0] ?? "");
  return namePatterns.profile.pattern.test(name) ? name : "long";
}
