import { TransportError } from "../errors.js";
import type { AMQPSettings } from "./options.js";
import { describeHost, type Host } from "./transport-url.js";

/** Why a connection could not be made, and whether trying the same again can help by itself. */
export interface ConnectFailure {
  readonly error: TransportError;
  /** The broker, or we, said no: a wrong password, no such virtual host, a certificate that does not fit. */
  readonly refused: boolean;
}

/** Says in plain words what amqplib, Node's sockets and OpenSSL report when connecting. */
export function connectFailure(cause: unknown, host: Host, settings: AMQPSettings, wasOpen: boolean): ConnectFailure {
  const at = `RabbitMQ at ${describeHost(host)}`;
  const text = messageOf(cause);
  const refused = (message: string): ConnectFailure => ({
    error: new TransportError(message, { cause }),
    refused: true,
  });
  const certificate = settings.loginMethod === "EXTERNAL";
  if (/^Handshake terminated by server: 403\b/.test(text)) {
    if (certificate) {
      return refused(
        `${at} refused the login by certificate: the name in it must be a user of the broker (ssl_cert_login_from says which name)`,
      );
    }
    const guest = host.username === "guest" ? " (guest may log in from the broker's own machine only)" : "";
    return refused(`${at} refused the login of user ${JSON.stringify(host.username)}: check name and password${guest}`);
  }
  // amqplib reports the broker's answer without its text here; the virtual host is what connection.open is about.
  if (/^Expected ConnectionOpenOk; got <ConnectionClose\b/.test(text)) {
    const name = JSON.stringify(settings.virtualHost);
    // It took us before, so it is most likely starting or stopping, as every virtual host does with its node.
    if (wasOpen) return { error: new TransportError(`${at} does not open virtual host ${name} now`), refused: false };
    const user = certificate ? "the user of the certificate" : `user ${JSON.stringify(host.username)}`;
    return refused(
      `${at} refused virtual host ${name}: it does not exist, ${user} may not use it, or it takes no more connections; ` +
        "correct the path of the transport URL, or let an operator run rabbitmqctl add_vhost or set_permissions",
    );
  }
  if (/^SASL mechanism/.test(text)) return refused(`${at} does not offer the login method ${settings.loginMethod}`);
  const code = codeOf(cause);
  if (certificateCodes.has(code)) {
    return refused(
      `the certificate of ${at} is not accepted: ${text}; name its authority in ssl_ca_file, or connect to the name that it carries`,
    );
  }
  if (code === noCertificate) {
    return refused(`${at} wants a certificate of us: name one in ssl_cert_file and ssl_key_file`);
  }
  if (ourCertificate.test(code)) {
    return refused(
      `${at} did not accept our certificate (${code}): the one in ssl_cert_file must be valid and from an authority that the broker knows`,
    );
  }
  if (code === "ENOENT" || code === "EACCES") return refused(`cannot read a file of the TLS options: ${text}`);
  if (code.startsWith("ERR_SSL") || code.startsWith("ERR_OSSL") || code === "EPROTO") {
    return refused(`no TLS connection to ${at}: ${text}; is this the broker's TLS port?`);
  }
  return { error: new TransportError(`cannot connect to ${at}: ${text}`, { cause }), refused: false };
}

/** Says why the broker closed a channel: a mismatch of topology in our own words, everything else in the broker's. */
export function channelError(cause: unknown, doing: string): TransportError {
  const text = messageOf(cause);
  const mismatch =
    /inequivalent arg '([^']+)' for (exchange|queue) '([^']+)' in vhost '[^']*': received (.+?) but current is (.+?)"?$/s.exec(
      text,
    );
  if (mismatch === null) return new TransportError(`${doing}: ${text}`, { cause });
  const [, argument = "", kind = "", name = "", ours = "", theirs = ""] = mismatch;
  const option = responsibleOption(argument, name);
  const wayOut =
    option === undefined
      ? `delete the ${kind} once no program uses it`
      : `set ${option} as the programs that made it have it, or delete the ${kind} once none of them runs`;
  return new TransportError(`topology mismatch: ${kind} ${name} ${difference(argument, ours, theirs)}; ${wayOut}`, {
    cause,
  });
}

/** The broker's reply code, where the error carries one: 404, 406. */
export function replyCode(error: unknown): number | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "number" ? error.code : undefined;
}

const certificateCodes: ReadonlySet<string> = new Set([
  "CERT_HAS_EXPIRED",
  "CERT_NOT_YET_VALID",
  "CERT_REVOKED",
  "CERT_UNTRUSTED",
  "CERT_REJECTED",
  "CERT_SIGNATURE_FAILURE",
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "ERR_TLS_CERT_ALTNAME_INVALID",
  "HOSTNAME_MISMATCH",
  "INVALID_CA",
  "INVALID_PURPOSE",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "UNABLE_TO_GET_ISSUER_CERT",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
]);

/** What a broker says in TLS when it wants a certificate and got none. */
const noCertificate = "ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED";
/** What it says about the one that it got. */
const ourCertificate = /^ERR_SSL_(SSLV3|TLSV1|TLSV13)_ALERT_(\w+_CERTIFICATE|CERTIFICATE_\w+|UNKNOWN_CA)$/;

function difference(argument: string, ours: string, theirs: string): string {
  const words = argument.replace("_", "-");
  if (theirs === "'true'") return `is ${words} on the broker and not ${words} here`;
  if (theirs === "'false'") return `is not ${words} on the broker and ${words} here`;
  return `has ${argument} ${theirs} on the broker and ${ours} here`;
}

function responsibleOption(argument: string, name: string): string | undefined {
  const transient = /^reply_|_fanout(_|$)/.test(name);
  switch (argument) {
    case "durable":
      return transient ? "rabbit_transient_quorum_queue" : "amqp_durable_queues (or rabbit_quorum_queue)";
    case "auto_delete":
      return transient ? undefined : "amqp_auto_delete";
    case "x-queue-type":
      return transient ? "rabbit_transient_quorum_queue" : "rabbit_quorum_queue";
    case "x-ha-policy":
      return "rabbit_ha_queues";
    case "x-expires":
      return "rabbit_transient_queues_ttl";
    case "x-delivery-limit":
      return "rabbit_quorum_delivery_limit";
    case "x-max-in-memory-length":
      return "rabbit_quorum_max_memory_length";
    case "x-max-in-memory-bytes":
      return "rabbit_quorum_max_memory_bytes";
    default:
      return undefined;
  }
}

function messageOf(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  // A host with several addresses fails with an error for each and no text of its own.
  if (cause instanceof AggregateError && cause.message === "") return cause.errors.map(messageOf).join(", ");
  return cause.message;
}

function codeOf(cause: unknown): string {
  return cause instanceof Error && "code" in cause && typeof cause.code === "string" ? cause.code : "";
}
