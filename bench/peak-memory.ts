import { readFileSync } from 'node:fs';

/**
 * The most memory that this process ever held, in MiB. On Linux this is `VmHWM`: `maxRSS` there starts with what the
 * parent held when it forked, and the bench holds a whole cluster.
 */
export function peakRssMiB(): number {
  const kib = process.platform === 'linux' ? highWaterMark() : undefined;
  return (kib ?? process.resourceUsage().maxRSS) / 1024;
}

function highWaterMark(): number | undefined {
  const found = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'));
  return found === null ? undefined : Number(found[1]);
}
