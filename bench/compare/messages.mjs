// What all contestants send: `{ report }`, whose JSON has as many bytes as the case says.

const states = ["active", "paused", "active", "stopped", "active"];

/** A report of so many bytes, at least 200. Each that is sent has an id of its own. */
export function reportOf(bytes) {
  const instances = [instance(0)];
  while (sizeOf([...instances, instance(instances.length)]) <= bytes) instances.push(instance(instances.length));
  // One more tag, `,"xxx"`, makes up what is missing.
  const missing = bytes - sizeOf(instances);
  if (missing > 3) instances.at(-1).tags.push("x".repeat(missing - 3));
  return { id: 100_000, instances };
}

/** Throws unless a reply is the echo of the report. */
export function check(reply, { id, instances }) {
  const [first] = instances;
  if (reply.id === id && reply.instances.length === instances.length && reply.instances[0].uuid === first.uuid) return;
  throw new Error(`the reply to ${id} is not its echo: ${JSON.stringify(reply).slice(0, 100)}`);
}

function instance(index) {
  return {
    uuid: `b6b2c9a5-5c1f-4f61-9a4e-${String(index).padStart(12, "0")}`,
    host: index % 8 === 7 ? null : `host${index % 8}`,
    vm_state: states[index % states.length],
    memory_mb: 2048 + index,
    tags: ["web"],
  };
}

/** The JSON of an argument; ids have six digits. */
function sizeOf(instances) {
  return JSON.stringify({ report: { id: 100_000, instances } }).length;
}
