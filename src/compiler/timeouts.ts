import { child, entriesOf, type Node, textOf } from "./document.js";
import { durationForm, longestDuration, looksLikeDuration, parseDuration } from "./durations.js";
import { checkName } from "./fields.js";
import type { Method, PeriodicTask, TimeoutProfile } from "./model.js";
import { camelCase } from "./names.js";
import type { Reporter } from "./report.js";
import type { ServiceScope } from "./service-scope.js";

/** Reads `timeouts:`: `long: 30m` or `long: { timeout: 30m, heartbeat: 60s }`. */
export function readProfiles(node: Node | undefined, reporter: Reporter): TimeoutProfile[] {
  const profiles: TimeoutProfile[] = [];
  for (const entry of entriesOf(node)) {
    if (!checkName(entry, "profile", reporter)) continue;
    if (parseDuration(entry.key) !== undefined) continue;
    const timeout = readDuration(entry.value.kind === "map" ? child(entry.value, "timeout") : entry.value, reporter);
    const heartbeat = readHeartbeat(child(entry.value, "heartbeat"), timeout, reporter);
    if (timeout === undefined) continue;
    const optional = heartbeat === undefined ? {} : { heartbeat };
    profiles.push({ name: entry.key, timeout, ...optional, range: entry.keyNode.range });
  }
  return profiles;
}

type Timeout = NonNullable<Method["timeout"]>;

/** Reads a method's `timeout:`: a duration or a profile's name. */
export function readTimeout(node: Node | undefined, scope: ServiceScope): Timeout | undefined {
  const text = textOf(node);
  if (text === undefined || node === undefined) return undefined;
  if (looksLikeDuration(text)) {
    checkForm(node, text, scope.reporter);
    return readDuration(node, scope.reporter);
  }
  if (scope.hasProfile(text)) return { profile: text };
  if (!scope.names.incomplete) {
    scope.reporter.report("unknown-profile", node.range, { name: text, candidates: [...scope.profileNames()] });
  }
  return undefined;
}

/** The schema cannot tell a duration with a mistake from a profile's name, so that this looks; numbers it refuses itself. */
function checkForm(node: Node, text: string, reporter: Reporter): void {
  if (node.kind !== "scalar" || typeof node.value !== "string" || parseDuration(text) !== undefined) return;
  if (/^[\d.]+$/.test(text)) reporter.report("duration-without-unit", node.range, { text });
  else reporter.report("wrong-form", node.range, { where: '"timeout"', value: text, expected: durationForm });
}

/** Reads a call monitor's interval; `timeout` is the time-out beside it, where that is known. */
export function readHeartbeat(
  node: Node | undefined,
  timeout: number | undefined,
  reporter: Reporter,
): number | undefined {
  const heartbeat = readDuration(node, reporter);
  if (heartbeat === undefined || node === undefined) return undefined;
  const written = textOf(node) ?? "";
  if (heartbeat < shortestHeartbeat) reporter.report("short-heartbeat", node.range, { heartbeat: written });
  else if (timeout !== undefined && heartbeat >= timeout)
    reporter.report("useless-heartbeat", node.range, { heartbeat: written });
  return heartbeat;
}

/** Reads `periodic:`. */
export function readPeriodic(node: Node | undefined, reporter: Reporter): PeriodicTask[] {
  const tasks: PeriodicTask[] = [];
  for (const entry of entriesOf(node)) {
    const usable = checkName(entry, "periodic", reporter);
    const long = entry.value.kind === "map" ? entry.value : undefined;
    const spacing = readDuration(long === undefined ? entry.value : child(long, "spacing"), reporter);
    if (!usable || spacing === undefined) continue;
    const description = textOf(child(long, "description"));
    const runs = child(long, "run_immediately");
    tasks.push({
      name: entry.key,
      member: camelCase(entry.key),
      ...(description === undefined ? {} : { description }),
      spacing,
      runImmediately: runs?.kind === "scalar" && runs.value === true,
      range: entry.keyNode.range,
    });
  }
  return tasks;
}

/** oslo.messaging: a server sends heartbeats every half interval, and none at all where that is below a second. */
const shortestHeartbeat = 2000;

function readDuration(node: Node | undefined, reporter: Reporter): number | undefined {
  const text = textOf(node);
  if (text === undefined || node === undefined) return undefined;
  const duration = parseDuration(text);
  if (duration === undefined) return undefined;
  if (duration <= 0 || duration > longestDuration) {
    reporter.report("duration-range", node.range, { text });
    return undefined;
  }
  return duration;
}
