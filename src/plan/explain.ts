import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { BigipObject } from '../ir/objects.ts';
import type { OriginKey } from '../ir/origin.ts';
import type { FullPath, Ref } from '../ir/ref.ts';
import { descriptorOf } from '../ir/objects.ts';
import { describeOrigin } from '../ir/origin.ts';
import type { WaitingPart } from './parts.ts';
import { kindOf, pathOf } from '../ir/ref.ts';

/** `pool /kubernetes/default_web_http`. */
export function nameObject(ref: Ref): string {
  return `${descriptorOf(kindOf(ref)).noun} ${pathOf(ref)}`;
}

/** It is there, and not ours: what to do. */
export function foreignDiagnostic(ref: Ref, there: BigipObject): Diagnostic {
  const owner = there.mark === undefined ? 'nobody marked it' : `instance ${there.mark.instance} owns it`;
  return {
    code: 'foreign-object',
    severity: 'error',
    summary: `${nameObject(ref)} exists on the device and is not ours (${owner}); it is left as it is`,
    detail:
      there.mark === undefined
        ? `Adopt it (plan --adopt ${ref}, then apply --adopt ${ref}), or remove or rename it.`
        : betweenInstances(ref),
  };
}

/** What to do where two instances want one object. */
function betweenInstances(ref: Ref): string {
  return descriptorOf(kindOf(ref)).uniqueName === true
    ? 'One instance owns a name, whatever the partition. To have it answered from several clusters, make them sources of that instance (docs/decisions/wide-ips.md); or take another name here.'
    : 'Two instances want the same name: give one of them another partition.';
}

/** Its name is one that the device holds once, and another partition has it. */
export function nameTakenDiagnostic(ref: Ref, holder: FullPath): Diagnostic {
  return {
    code: 'foreign-object',
    severity: 'error',
    summary: `${nameObject(ref)} cannot be made: ${holder} has its name, in another partition; it is left as it is`,
    detail: `A device answers a name from one object: remove one of the two, or take another name. If another instance of Fairlead has it: ${betweenInstances(ref)}`,
  };
}

/** Its origin cannot be understood, or was refused. */
export function heldDiagnostic(ref: Ref, origin: OriginKey, hold: 'frozen' | 'quarantined'): Diagnostic {
  const why =
    hold === 'frozen' ? 'cannot be understood as it is written now' : 'was refused by the device and has not changed';
  return {
    code: `origin-${hold}`,
    severity: 'info',
    summary: `${nameObject(ref)} stays as it is: ${describeOrigin(origin)} ${why}`,
    origin,
  };
}

/** Its source may just not see it. */
export function incompleteDiagnostic(ref: Ref, source: string): Diagnostic {
  return {
    code: 'source-incomplete',
    severity: 'warning',
    summary: `${nameObject(ref)} is not deleted: source ${source} could not be read whole`,
  };
}

/** Something that its origin may say of it could not be read. */
export function partialDiagnostic(ref: Ref, origin: OriginKey): Diagnostic {
  return {
    code: 'source-incomplete',
    severity: 'warning',
    summary: `${nameObject(ref)} is not deleted: something that ${describeOrigin(origin)} may say of it cannot be read now`,
    origin,
  };
}

/** Its mark names a source that is not configured (any more): nobody can say whether it is gone. */
export function unknownSourceDiagnostic(ref: Ref, origin: OriginKey): Diagnostic {
  return {
    code: 'source-unknown',
    severity: 'warning',
    summary: `${nameObject(ref)} is not deleted: it comes from ${describeOrigin(origin)}, and no source of that name is configured`,
    detail: 'If the source was removed on purpose, allow it with --allow-deletes.',
  };
}

/** Parts of an object that its owners have together, by the same reason. */
export function unknownGiverDiagnostic(ref: Ref, origin: OriginKey): Diagnostic {
  return {
    code: 'source-unknown',
    severity: 'warning',
    summary: `what ${describeOrigin(origin)} gave to ${nameObject(ref)} stays: no source of that name is configured`,
    detail: 'If the source was removed or renamed on purpose, allow it with --allow-deletes.',
  };
}

/** The device has not got what it needs for the object; everything else goes on. */
export function unsupportedDiagnostic(ref: Ref, lacking: string): Diagnostic {
  return { code: 'module-missing', severity: 'warning', summary: `${nameObject(ref)} is not made: ${lacking}` };
}

/** Ours, and somebody else's virtual server uses it. */
export function stillUsed(ref: Ref): Diagnostic {
  return {
    code: 'foreign-user',
    severity: 'warning',
    summary: `${nameObject(ref)} is not deleted: a virtual server that is not ours uses it`,
  };
}

/** A part of an object waits for what it needs; the rest goes on. */
export function waitingDiagnostic(ref: Ref, part: WaitingPart): Diagnostic {
  return {
    code: 'part-waits',
    severity: 'error',
    summary: `${part.field} ${part.item} of ${nameObject(ref)} waits: ${nameObject(part.needs)} is not ours, or is not on the device and its owner was refused or cannot be understood`,
    ...(part.owner === undefined ? {} : { origin: part.owner }),
  };
}
