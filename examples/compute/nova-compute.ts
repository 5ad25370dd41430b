#!/usr/bin/env node
import { hostname } from "node:os";
import { parseArgs } from "node:util";
import { Service, serve } from "@rpcgen/runtime";
import { createComputeDispatcher } from "../../generated/compute/index.js";
import { MemoryHypervisor } from "./manager.js";

// nova's cmd/compute.py: makes the service, serves until SIGTERM, drains.
const { values } = parseArgs({
  options: {
    url: { type: "string", default: "rabbit://guest:guest@localhost:5672/" },
    host: { type: "string", default: hostname() },
  },
});
const service = await Service.create({
  binary: "nova-compute",
  host: values.host,
  transport: values.url,
  endpoints: [createComputeDispatcher(new MemoryHypervisor(console.log))],
});
await serve(service);
