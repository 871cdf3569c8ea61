import type { Socket } from 'node:net';
import { duplexPair } from 'node:stream';
import type { Duplex } from 'node:stream';

/** Whose connection it is: the client's address and port outside. */
export interface Origin {
  readonly address: string;
  readonly port: number;
}

/** One end of a connection within the process, with what the data plane asks of a socket. */
function asSocket(end: Duplex, { address, port }: Origin): Socket {
  const own = {
    remoteAddress: address,
    remotePort: port,
    connecting: false,
    setNoDelay: () => end,
    resetAndDestroy: () => end.destroy(),
    destroySoon: () => {
      if (end.writable) end.end();
      if (end.writableFinished) end.destroy();
      else end.once('finish', () => end.destroy());
    },
  };
  return Object.assign(end, own) as unknown as Socket;
}

/** A connection within the process: its two ends, of which each goes with the other. */
export function innerPair(origin: Origin): readonly [near: Socket, far: Socket] {
  const [near, far] = duplexPair({ allowHalfOpen: true });
  near.on('close', () => far.destroy());
  far.on('close', () => near.destroy());
  return [asSocket(near, origin), asSocket(far, origin)];
}
