import { grammarError, mcpError, type DeviceError } from '../../errors/device-error.ts';
import { folderOf, identityOf, splitFullPath, type Identity } from '../../names/full-path.ts';
import type { Session } from '../../session/session.ts';
import { textOf } from '../../store/object.ts';
import { parentPlace, rootOf } from '../../store/scope.ts';
import { folderKind } from '../sys-folder.ts';

/** Whether a policy is in a folder of drafts. */
export function isDraft(identity: Pick<Identity, 'subPath'>): boolean {
  return identity.subPath === 'Drafts' || identity.subPath?.endsWith('/Drafts') === true;
}

/** The draft of a published policy: `/P/Drafts/p` of `/P/p`. */
export function draftOf(identity: Identity): Identity {
  const { partition = 'Common', subPath, name } = identity;
  return identityOf(partition, subPath === undefined ? 'Drafts' : `${subPath}/Drafts`, name);
}

/** The published policy of a draft: `/P/p` of `/P/Drafts/p`. */
export function publishedOf(identity: Identity): Identity {
  const { partition = 'Common', subPath = '', name } = identity;
  return identityOf(partition, subPath.replace(/(?:^|\/)Drafts$/v, ''), name);
}

/** Makes the folder of drafts when only its parent is there. */
export function ensureDraftsFolder(identity: Identity, session: Session): void {
  const folder = splitFullPath(folderOf(identity));
  if (!session.hasFolder(folderOf(identity)) && session.hasFolder(folderOf(folder))) {
    session.createAlong(folderKind, folder, {});
  }
}

/** A published policy is changed by way of a draft (recorded text, from 12.1). */
export function publishedPolicy(identity: Identity): DeviceError {
  return grammarError(
    `Cannot create/modify published policy '${identity.fullPath}' directly, try specifying a draft folder like '${draftOf(identity).fullPath}'.`,
  );
}

/** Refuses a change below a policy that is published. One made with `legacy` is open. */
export function requireOpen(scope: string, session: Session): void {
  const policy = session.store.lookup('ltm/policy', rootOf(scope));
  if (policy !== undefined && textOf(policy, 'status') === 'published' && !session.loading) {
    throw publishedPolicy(splitFullPath(policy.fullPath));
  }
}

/** Notes that something below a policy changed. */
export function stampPolicy(scope: string, session: Session): void {
  const policy = session.store.lookup('ltm/policy', rootOf(scope));
  if (policy !== undefined) {
    session.change(policy, { lastModified: seconds(session) });
  }
}

/** Now, as the device prints dates: UTC, seconds. */
export function seconds(session: Session): string {
  return new Date(session.device.clock.now()).toISOString().replace(/\.\d+/v, '');
}

/** `01071706`: something that a condition or action cannot do without. Recorded for `operand`; the others are K. */
export function missingPart(scope: string, part: string): DeviceError {
  const rule = parentPlace(scope).fullPath;
  return mcpError(`01071706:3: Policy '${rootOf(scope)}', rule '${rule}'; missing ${part}.`);
}
