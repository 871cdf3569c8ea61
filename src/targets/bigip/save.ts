import type { Answer, Channel } from './client/io.ts';
import type { Settings } from './client/options.ts';
import { TargetUnavailable } from '../target.ts';
import { RestError, UnknownOutcome } from './client/errors.ts';
import { backoff } from './client/patience.ts';
import { judge } from './client/verdict.ts';

/**
 * `save sys config`: what was written survives a reboot. Saving twice does no harm, so an unknown outcome is simply
 * repeated, up to the deadline.
 * @throws {RestError} the device refuses; `TargetUnavailable` if it stays away or busy.
 */
export async function saveConfiguration(channel: Channel, settings: Settings): Promise<void> {
  const { clock, timeouts, name, logger } = settings;
  const since = clock.now();
  for (let round = 0; ; round += 1) {
    const answer = await trySave(channel);
    if (!(answer instanceof UnknownOutcome)) {
      if (judge(answer) !== 'ok') throw new RestError('save sys config', answer);
      logger({ event: 'saved', device: name });
      return;
    }
    if (clock.now() - since > timeouts.deadlineMs) {
      throw new TargetUnavailable(`${name}: the configuration could not be saved: ${answer.message}`, {
        cause: answer,
      });
    }
    await channel.pause(backoff(settings, round));
  }
}

async function trySave(channel: Channel): Promise<Answer | UnknownOutcome> {
  try {
    return await channel.command({ method: 'POST', path: '/mgmt/tm/sys/config', body: { command: 'save' } });
  } catch (error) {
    if (error instanceof UnknownOutcome) return error;
    throw error;
  }
}
