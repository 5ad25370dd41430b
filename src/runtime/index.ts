// For users: make a transport, call through a generated API, serve a generated dispatcher.

export type { AutoCapOptions } from "./auto-cap.js";
export type { AbortListener, CancelSignal } from "./cancel-signal.js";
export type { CallOptions, CanSend, CastOptions, RPCClientOptions } from "./client.js";
export type { Context, RequestContext } from "./context.js";
export { createTransport } from "./create-transport.js";
export type { Converter } from "./descriptor.js";
export type { DispatcherOptions, ManagerHooks } from "./dispatcher.js";
export {
  AbortedError,
  BacklogFullError,
  DeclaredError,
  type Delivery,
  EncodingError,
  IncompatibleObjectError,
  InvalidArgumentsError,
  InvalidTargetError,
  MessageTooLargeError,
  MessageUndeliverableError,
  NoSuchMethodError,
  RemoteError,
  RPCError,
  RPCTimeoutError,
  TooManyPendingCallsError,
  TransportError,
  UnsupportedVersionError,
  VersionCapError,
  type Violation,
} from "./errors.js";
export type { ClientInterceptor, ClientRequest, ServerInterceptor, ServerRequest } from "./interceptor.js";
export type { LogFields, Logger } from "./logger.js";
export type { CounterName, HistogramName, MetricLabels, Metrics } from "./metrics.js";
export { maskSensitive } from "./sensitive.js";
export { type ServeOptions, serve } from "./serve.js";
export { Service, type ServiceHealth, type ServiceOptions, type ServiceState } from "./service.js";
export type { Target } from "./target.js";
export type { ConnectionChange, ReconnectOptions, TLSOptions, TransportOptions } from "./transport-options.js";
export type { ConnectionStateName, ConnectionStats, TransportStats } from "./transport-stats.js";
export { workerNumber } from "./worker.js";

// For generated code: the descriptor's type, and what the thin faces stand on.

export { RPCClient } from "./client.js";
export type { MethodDescriptor, ParamDescriptor, ServiceDescriptor } from "./descriptor.js";
export { createDispatcher, type Dispatcher } from "./dispatcher.js";
export {
  anyText,
  bigintText,
  booleanText,
  createEncoders,
  type Encoders,
  hasFields,
  isPlain,
  listText,
  mapText,
  numbersText,
  numberText,
  sealer,
  stringsText,
  stringText,
  unfitText,
} from "./encoding.js";
export type { DeclaredErrorDetails, ErrorDetails } from "./errors.js";
export { type PinName, type Pinned, pinned } from "./pinned.js";
export type { Validator, ValidatorError, Validators } from "./validator.js";

// For transport authors: what a transport is, and what a server without a service host needs.

export { RPCServer, type RPCServerOptions } from "./server.js";
export {
  type BrokerTransport,
  type Destination,
  deadLetterQueue,
  type Headers,
  type IncomingMessage,
  type MessageListener,
  type OutgoingMessage,
  type Source,
  type Subscription,
  type SubscriptionChange,
  type Transport,
} from "./transport.js";
