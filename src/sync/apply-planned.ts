import type { ApplyOptions } from './apply-units.ts';
import type { Applied } from './options.ts';
import type { Prepared } from './plan-once.ts';

/** Applies a plan once: its units, then nodes that nobody uses any more, then one save. */
export async function applyPlanned(
  { plan, reconciler }: Prepared,
  options: ApplyOptions & { readonly save?: boolean },
): Promise<Applied> {
  const { target } = reconciler.options;
  const before = target.counters;
  const applied = await reconciler.apply(plan, options);
  const reports = [...applied.reports];
  for (let cleaned = await reconciler.cleanNodes(options); cleaned.length > 0;) {
    reports.push(...cleaned);
    const progress = cleaned.some(({ state }) => state === 'done');
    cleaned = progress ? await reconciler.cleanNodes(options) : [];
  }
  const wrote = reports.some(({ state }) => state === 'done' || state === 'unknown');
  if (wrote && (options.save ?? reconciler.options.save) !== false) await target.save({ signal: options.signal });
  const after = target.counters;
  return { ...applied, reports, requests: after.requests - before.requests, writes: after.writes - before.writes };
}
