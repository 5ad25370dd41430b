import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { type IncomingMessage, request } from "node:http";
import { text } from "node:stream/consumers";
import { describe, inject } from "vitest";

/** The transport URL of the broker that all test files share. Starts it when this is the first to ask. */
export function brokerURL(): Promise<string> {
  return ask("/url");
}

/** The transport URL of a broker that runs for these tests alone, on loopback, where guest may log in. */
export function privateBrokerURL(): Promise<string> {
  return ask("/private");
}

/** Tests that need {@link privateBrokerURL} or a node of their own: skipped with another's broker and none installed. */
export const describePrivately = describe.skipIf(!inject("privateBroker"));

/** A new virtual host, and its transport URL, on the shared broker that {@link rabbitmqctl} works on. */
export async function newVirtualHost(): Promise<{ readonly name: string; readonly url: string }> {
  const name = uniqueName("vhost");
  const user = '<<"guest">>';
  const all = '<<".*">>';
  // In one run, for each takes a third of a second.
  await rabbitmqctl(
    "eval",
    `ok = rabbit_vhost:add(<<"${name}">>, ${user}),
     ok = rabbit_auth_backend_internal:set_permissions(${user}, <<"${name}">>, ${all}, ${all}, ${all}, ${user}).`,
  );
  return { name, url: `${await privateBrokerURL()}${name}` };
}

/** Runs rabbitmqctl on the shared broker and returns what it prints. */
export function rabbitmqctl(...args: string[]): Promise<string> {
  return ask("/rabbitmqctl", JSON.stringify(args));
}

export interface BrokerState {
  readonly queues: readonly BrokerRow[];
  readonly exchanges: readonly BrokerRow[];
  readonly bindings: readonly BrokerRow[];
  readonly consumers: readonly BrokerRow[];
}

export type BrokerRow = Readonly<Record<string, unknown>>;

/** What `rabbitmqctl list_queues`, `list_exchanges` and so on print of a virtual host, in one call instead of four. */
export async function brokerState(virtualHost: string): Promise<BrokerState> {
  const printed = await rabbitmqctl(
    "eval",
    `V = <<"${virtualHost}">>,
     Value = fun({resource, _, _, Name}) -> Name;
                (List) when is_list(List) -> [[K, T, X] || {K, T, X} <- List];
                (Pid) when is_pid(Pid) -> null;
                (Other) -> Other
             end,
     Rows = fun(Lists) -> [maps:from_list([{K, Value(X)} || {K, X} <- List, K =/= vhost]) || List <- Lists] end,
     io:put_chars(rabbit_json:encode(#{
       queues => Rows(rabbit_amqqueue:info_all(V, [name, durable, auto_delete, exclusive, arguments, type])),
       exchanges => Rows(rabbit_exchange:info_all(V, [name, type, durable, auto_delete, internal, arguments])),
       bindings => Rows(rabbit_binding:info_all(V)),
       consumers => Rows(rabbit_amqqueue:consumers_all(V))})).`,
  );
  // After the JSON comes the value of the last expression, "ok".
  return JSON.parse(printed.slice(0, printed.lastIndexOf("}") + 1)) as BrokerState;
}

/** A name that no other test uses: topics, exchanges and reply queues share one broker. */
export function uniqueName(prefix: string): string {
  return `${prefix}_${randomUUID().slice(0, 8)}`;
}

async function ask(path: string, body?: string): Promise<string> {
  // Not fetch, which keeps a socket and timers for later: tests count those of their process.
  const outgoing = request(`${inject("brokerDesk")}${path}`, {
    method: body === undefined ? "GET" : "POST",
    agent: false,
  });
  outgoing.end(body);
  const closed = once(outgoing, "close");
  // A client request answers with an incoming message.
  const [response] = (await once(outgoing, "response")) as [IncomingMessage];
  const answer = await text(response);
  await closed;
  if (response.statusCode !== 200) throw new Error(answer);
  return answer;
}
