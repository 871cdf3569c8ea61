import type { Directory } from '../auth/directory.ts';
import type { EmulatorOptions } from '../options.ts';
import type { Device } from '../session/device.ts';
import { save } from '../tmsh/commands/save.ts';
import { PairNode, type PairOptions } from './pair-node.ts';

/** Lets a device stand among others. */
export function makePair(
  device: Device,
  { network, peerCa, heartbeat }: Pick<EmulatorOptions, 'network' | 'peerCa' | 'heartbeat'>,
  rest: { readonly users: Directory } & Pick<PairOptions, 'onChange' | 'onFailover' | 'keeper'>,
): PairNode {
  const timeoutMs = heartbeat?.timeoutMs ?? 3000;
  return new PairNode(device, { ...rest, network, peerCa, timeoutMs, save: () => save(device) });
}

/** Joins the network of a device that listens, and lets its heart beat; gives what ends that. */
export function startPair(
  pair: PairNode,
  at: { readonly url: string; readonly certificate: string | undefined },
  heartbeat: EmulatorOptions['heartbeat'],
): () => void {
  pair.listens(at.url, at.certificate);
  const everyMs = heartbeat?.everyMs ?? 1000;
  const heart = everyMs === 0 ? undefined : setInterval(() => void pair.tick(), everyMs).unref();
  return () => {
    clearInterval(heart);
    pair.close();
  };
}
