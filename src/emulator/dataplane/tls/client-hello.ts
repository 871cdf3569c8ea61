/** What a client asks for in its TLS hello, before anything is encrypted. */
export interface ClientHello {
  /** Empty if it names none. */
  readonly serverName: string;
  readonly alpn: readonly string[];
  /** The session that it wants to resume, in hexadecimal digits; empty without one. */
  readonly session: string;
}

const HANDSHAKE = 22;
const CLIENT_HELLO = 1;
const SERVER_HELLO = 2;
const SERVER_NAME = 0;
const ALPN = 16;
/** No hello is longer; what is, is none. */
const LONGEST = 65_536;

/** Reads numbers and byte strings with their lengths in front. Reading past the end gives nothing. */
class Reader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get isDone(): boolean {
    return this.#at >= this.#bytes.length;
  }

  number(size: number): number {
    const slice = this.bytes(size);
    return slice.length < size ? 0 : slice.readUIntBE(0, size);
  }

  bytes(size: number): Buffer {
    const slice = this.#bytes.subarray(this.#at, this.#at + size);
    this.#at += size;
    return slice;
  }

  vector(lengthSize: number): Buffer {
    return this.bytes(this.number(lengthSize));
  }
}

/** The handshake bytes of the first records: undefined if they are not whole yet, null if this is no TLS. */
function handshakeIn(bytes: Buffer, type: number): Buffer | undefined | null {
  const parts: Buffer[] = [];
  let size = 0;
  let at = 0;
  for (;;) {
    if (bytes.length > at && bytes[at] !== HANDSHAKE) return null;
    if (bytes.length < at + 5) return undefined;
    const end = at + 5 + bytes.readUInt16BE(at + 3);
    if (bytes.length < end) return bytes.length > LONGEST ? null : undefined;
    parts.push(bytes.subarray(at + 5, end));
    size += end - at - 5;
    at = end;
    const whole = Buffer.concat(parts);
    if (size >= 4) {
      if (whole[0] !== type) return null;
      const length = whole.readUIntBE(1, 3);
      if (length > LONGEST) return null;
      if (size >= 4 + length) return whole.subarray(4, 4 + length);
    }
  }
}

/** Bodies of the extensions of a hello, by their number. */
function extensionsIn(hello: Buffer): ReadonlyMap<number, Buffer> {
  const reader = new Reader(hello);
  reader.bytes(2 + 32);
  reader.vector(1);
  reader.vector(2);
  reader.vector(1);
  const found = new Map<number, Buffer>();
  const list = new Reader(reader.vector(2));
  while (!list.isDone) found.set(list.number(2), list.vector(2));
  return found;
}

function serverName(body: Buffer | undefined): string {
  const list = new Reader(new Reader(body ?? Buffer.alloc(0)).vector(2));
  while (!list.isDone) {
    const type = list.number(1);
    const name = list.vector(2);
    if (type === 0) return name.toString('latin1');
  }
  return '';
}

function protocols(body: Buffer | undefined): readonly string[] {
  const found: string[] = [];
  const list = new Reader(new Reader(body ?? Buffer.alloc(0)).vector(2));
  while (!list.isDone) found.push(list.vector(1).toString('latin1'));
  return found;
}

/**
 * Reads the hello at the beginning of a connection (RFC 8446 4.1.2, RFC 6066 3, RFC 7301).
 * @returns undefined if more bytes are needed; null if this is no TLS.
 */
export function readClientHello(bytes: Buffer): ClientHello | undefined | null {
  const hello = handshakeIn(bytes, CLIENT_HELLO);
  if (hello === undefined || hello === null) return hello;
  const extensions = extensionsIn(hello);
  return {
    serverName: serverName(extensions.get(SERVER_NAME)),
    alpn: protocols(extensions.get(ALPN)),
    session: sessionIn(hello),
  };
}

/** Hellos of both sides begin alike: version, random bytes, session. */
function sessionIn(hello: Buffer): string {
  const reader = new Reader(hello);
  reader.bytes(2 + 32);
  return reader.vector(1).toString('hex');
}

/**
 * The session of a server's hello (RFC 5246 7.4.1.3), in hexadecimal digits; empty if it keeps none.
 * @returns undefined if more bytes are needed; null if this is no TLS.
 */
export function readServerSession(bytes: Buffer): string | undefined | null {
  const hello = handshakeIn(bytes, SERVER_HELLO);
  return hello === undefined || hello === null ? hello : sessionIn(hello);
}
