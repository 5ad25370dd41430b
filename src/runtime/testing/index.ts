// For tests of programs that use generated code: `@rpcgen/runtime/testing`.
export { type Answer, type RecordedRequest, RecordingTransport } from "./recording-transport.js";
