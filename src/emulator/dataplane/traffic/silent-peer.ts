import type { Socket } from 'node:net';
import { IdleWatch } from '../session.ts';
import type { Session } from '../session.ts';
import type { PlaneContext } from '../virtual-server.ts';
import { breakOff } from './wire.ts';

/**
 * Lets go of a peer without a word (`serviceDownAction drop`). The device knows nothing of the connection any more:
 * whatever the peer still sends is answered by a reset. One that sends nothing is let go after `idleMs`.
 */
export function leaveSilent(context: PlaneContext, socket: Socket, idleMs: number): void {
  const abort = (): void => breakOff(socket);
  const session: Session = { abort };
  const idle = new IdleWatch(context.scheduler, idleMs, abort);
  context.sessions.add(session);
  socket.on('error', () => {});
  socket.once('close', () => {
    idle.stop();
    context.sessions.delete(session);
  });
  socket.once('data', abort).once('end', abort);
  socket.resume();
}
