import { randomUUID } from "node:crypto";
import { inject } from "vitest";

/** The transport URL of the broker that all test files share. Starts it when this is the first to ask. */
export function brokerURL(): Promise<string> {
  return ask({ method: "GET" });
}

/** Runs rabbitmqctl on the shared broker and returns what it prints. */
export function rabbitmqctl(...args: string[]): Promise<string> {
  return ask({ method: "POST", body: JSON.stringify(args) });
}

/** Rows of a `rabbitmqctl list_...` command. */
export async function listBroker(...args: string[]): Promise<Record<string, unknown>[]> {
  // With --formatter json rabbitmqctl prints an array of objects.
  return JSON.parse(await rabbitmqctl("--formatter", "json", ...args)) as Record<string, unknown>[];
}

/** A name that no other test uses: topics, exchanges and reply queues share one broker. */
export function uniqueName(prefix: string): string {
  return `${prefix}_${randomUUID().slice(0, 8)}`;
}

async function ask(request: RequestInit): Promise<string> {
  const response = await fetch(inject("brokerDesk"), request);
  const body = await response.text();
  if (!response.ok) throw new Error(body);
  return body;
}
