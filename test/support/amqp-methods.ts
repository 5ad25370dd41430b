/**
 * The AMQP methods in what one client sent, as words with their names: `queue.bind compute openstack compute`.
 * Only the methods that a topology is made of; heartbeats, headers and bodies are left out.
 */
export function amqpMethods(sent: Buffer): string[] {
  const methods: string[] = [];
  let offset = "AMQP0091".length;
  while (offset + 7 <= sent.length) {
    const type = sent.readUInt8(offset);
    const size = sent.readUInt32BE(offset + 3);
    if (type === methodFrame) methods.push(describe(sent.subarray(offset + 7, offset + 7 + size)));
    offset += 7 + size + 1;
  }
  return methods;
}

const methodFrame = 1;

/** Class and method id to the name and how many short strings follow, after a reserved 16-bit field. */
const known: ReadonlyMap<string, readonly [name: string, strings: number]> = new Map([
  ["10.11", ["connection.start-ok", 0]],
  ["10.31", ["connection.tune-ok", 0]],
  ["10.40", ["connection.open", 0]],
  ["10.50", ["connection.close", 0]],
  ["20.10", ["channel.open", 0]],
  ["20.40", ["channel.close", 0]],
  ["40.10", ["exchange.declare", 2]],
  ["50.10", ["queue.declare", 1]],
  ["50.20", ["queue.bind", 3]],
  ["50.40", ["queue.delete", 1]],
  ["60.10", ["basic.qos", 0]],
  ["60.20", ["basic.consume", 2]],
  ["60.30", ["basic.cancel", 0]],
  ["60.40", ["basic.publish", 2]],
  ["60.80", ["basic.ack", 0]],
  ["85.10", ["confirm.select", 0]],
]);

function describe(payload: Buffer): string {
  const id = `${payload.readUInt16BE(0)}.${payload.readUInt16BE(2)}`;
  const [name, strings] = known.get(id) ?? [id, 0];
  const words = [name];
  for (let offset = 6; words.length <= strings; ) {
    const length = payload.readUInt8(offset);
    words.push(JSON.stringify(payload.toString("utf8", offset + 1, offset + 1 + length)).slice(1, -1));
    offset += 1 + length;
  }
  return words.join(" ");
}
