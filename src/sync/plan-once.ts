import type { Planned, SyncOptions } from './options.ts';
import type { Contribution } from '../desired/contribution.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { PlanResult } from '../plan/build-plan.ts';
import { fingerprintOf } from '../plan/fingerprint.ts';
import { contributionInScope } from '../plan/lone-members.ts';
import { planNodeRemoval } from '../plan/node-removal.ts';
import { DesiredState } from '../desired/desired-state.ts';
import type { MergedObject, Said } from '../desired/provenance.ts';
import { mergedObjects } from '../desired/provenance.ts';
import type { OriginKey } from '../ir/origin.ts';
import { Reconciler } from './reconciler.ts';

/** A plan that can be applied: it knows the state that it was made from. */
export interface Prepared extends Planned {
  readonly reconciler: Reconciler;
}

/** Reads the device and all sources, and plans. Rejects with TargetUnavailable if the device cannot be read. */
export async function planOnce(options: SyncOptions & { readonly signal: AbortSignal }): Promise<Prepared> {
  const reconciler = new Reconciler(options);
  await reconciler.readDevice(options.signal);
  await reconciler.readSources(options.signal);
  await reconciler.readRoutes(options.signal);
  const planned = await reconciler.planAll();
  return { ...reconciler.describe(withHousekeeping(planned, reconciler)), reconciler };
}

/**
 * Unused nodes go after whatever else there is to do. If there is nothing else, they are the plan: a run that was ended
 * between a change and its housekeeping left them, and nothing is removed that was not shown.
 */
function withHousekeeping(planned: PlanResult, { options, snapshot }: Reconciler): PlanResult {
  if (planned.plan.units.length > 0) return planned;
  const { instance, scope } = options;
  const units = planNodeRemoval({ snapshot, instance, scope });
  return { ...planned, plan: { ...planned.plan, units, fingerprint: fingerprintOf(units, scope) } };
}

/** What the sources say, without a device. What is out of scope is left out. */
export async function readSources(
  options: Pick<SyncOptions, 'sources' | 'scope'> & { readonly signal: AbortSignal },
): Promise<{
  readonly contributions: readonly Contribution[];
  /** What they come to. */
  readonly objects: readonly MergedObject[];
  readonly diagnostics: readonly Diagnostic[];
  readonly complete: boolean;
}> {
  const contributions: Contribution[] = [];
  const desired = new DesiredState();
  const places = new Map<OriginKey, Said[]>();
  const diagnostics: Diagnostic[] = [];
  let complete = true;
  for (const source of options.sources) {
    const result = await source.read({ signal: options.signal });
    for (const given of result.contributions) {
      const contribution = contributionInScope(given, options.scope);
      contributions.push(contribution);
      desired.update(contribution);
      const said = source.explain?.(contribution);
      if (said !== undefined) places.set(given.origin, [...(places.get(given.origin) ?? []), said]);
    }
    diagnostics.push(...result.diagnostics);
    complete &&= result.complete;
  }
  const objects = mergedObjects(desired, (origin, ref, { field, item }) => {
    const known = (places.get(origin) ?? []).flatMap((said) => said.get(ref) ?? []);
    return firstOf(known, `${field} ${item}`) ?? firstOf(known, field);
  });
  return { contributions, objects, diagnostics, complete };
}

function firstOf(known: readonly ReadonlyMap<string, string>[], name: string): string | undefined {
  return known.find((said) => said.has(name))?.get(name);
}
