import type { Socket } from 'node:net';
import type { ProfileConfig } from '../model.ts';
import type { ProfileCounts } from '../profile-counts.ts';

/** Counts a TCP connection until it ends, for the tcp profile of its side (names K, after the device's MIB). */
export function countTcp(
  counts: ProfileCounts,
  profile: ProfileConfig | undefined,
  { socket, as }: { readonly socket: Socket; readonly as: 'accepts' | 'connects' },
): void {
  counts.add(profile, as);
  counts.add(profile, 'open');
  socket.once('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'ECONNRESET') counts.add(profile, 'rxrst');
  });
  socket.once('close', () => counts.add(profile, 'open', -1));
}
