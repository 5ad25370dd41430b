import type { Method, Service } from "../model.js";

/** The runtime's time-out where neither the definition nor the program says one, in milliseconds. */
const defaultTimeout = 60_000;

/** How long a call of a method waits, and how often it wants a sign of life, in milliseconds; profiles as the definition has them. */
export function timesOf(
  service: Service,
  method: Method,
): { readonly timeout: number; readonly heartbeat: number | undefined } {
  const { timeout } = method;
  const profile =
    typeof timeout === "object" ? service.timeouts.find(({ name }) => name === timeout.profile) : undefined;
  return {
    timeout: typeof timeout === "number" ? timeout : (profile?.timeout ?? defaultTimeout),
    heartbeat: method.heartbeat ?? profile?.heartbeat,
  };
}
