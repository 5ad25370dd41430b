// What a program pays before its first line of its own, when it uses the transport in memory.
import { createTransport } from "@rpcgen/runtime";

createTransport("memory://");
