import type { Meter } from './meter.ts';
import type { Settings } from './options.ts';
import { TargetUnavailable } from '../../target.ts';
import { Trouble } from './errors.ts';

/** What a patient attempt needs. */
export interface Patience {
  readonly settings: Settings;
  readonly meter: Meter;
  readonly signal: AbortSignal;
  /** The address in use, for messages. */
  readonly address: () => string;
  /** Instead of the configured one: how long to go on. */
  readonly deadlineMs?: number;
}

/**
 * Repeats an attempt while it fails with passing trouble: exponential backoff with jitter, up to the deadline.
 * @throws {TargetUnavailable} trouble that does not pass, or that lasts past the deadline; whatever else the attempt
 *   throws.
 */
export async function patiently<T>(patience: Patience, attempt: () => Promise<T>): Promise<T> {
  const { clock } = patience.settings;
  let since: number | undefined;
  for (let round = 0; ; round += 1) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof Trouble)) throw error;
      since ??= clock.now();
      await pauseAfter(error, patience, { round, elapsedMs: clock.now() - since });
    }
  }
}

async function pauseAfter(
  trouble: Trouble,
  patience: Patience,
  { round, elapsedMs }: { readonly round: number; readonly elapsedMs: number },
): Promise<void> {
  const { settings, meter, signal } = patience;
  const deadlineMs = patience.deadlineMs ?? settings.timeouts.deadlineMs;
  if (!trouble.passing) throw unavailable(trouble, patience);
  const delayMs = backoff(settings, round);
  if (elapsedMs + delayMs > deadlineMs) throw unavailable(trouble, patience, elapsedMs);
  const address = patience.address();
  settings.logger({ event: 'waiting', device: settings.name, address, reason: trouble.message, delayMs, elapsedMs });
  await meter.waiting(() => settings.clock.sleep(delayMs, signal));
}

/** Doubled each round, up to 60 times the first; half of it is left to chance. */
export function backoff({ timeouts, random }: Pick<Settings, 'timeouts' | 'random'>, round: number): number {
  const full = timeouts.backoffMs * Math.min(2 ** Math.min(round, 10), 60);
  return Math.round(full / 2 + (full / 2) * random());
}

function unavailable(trouble: Trouble, { settings, address }: Patience, elapsedMs?: number): TargetUnavailable {
  const gaveUp = elapsedMs === undefined ? '' : `; gave up after ${Math.round(elapsedMs / 1000)} s`;
  const prefix = trouble.kind === 'login' ? '' : `${settings.name} (${address()}): `;
  return new TargetUnavailable(`${prefix}${trouble.message}${gaveUp}`, { cause: trouble });
}
