import type { Session } from '../../session/session.ts';
import { scopeBelow } from '../../store/scope.ts';
import { textOf, type ConfigObject } from '../../store/object.ts';
import { dropWithItems } from '../../verbs/drop-items.ts';
import { readOnly } from '../fields/scalars.ts';
import { defineKind } from '../kind.ts';
import { bundleFacts } from './certificate.ts';

const shown = [
  'certificateKeyCurveName',
  'certificateKeySize',
  'expirationDate',
  'expirationString',
  'fingerprint',
  'issuer',
  'keyType',
  'serialNumber',
  'subject',
  'subjectAlternativeName',
  'version',
];

/** One certificate of a file that holds several, named by its place in it (shape K). */
export const bundleCertificateKind = defineKind({
  path: 'sys/file/ssl-cert/bundle-certificates',
  type: 'Bundle Certificate',
  naming: 'flat',
  fixed: true,
  derived: true,
  fields: shown.map((name) => readOnly(name, undefined)),
});

/** Lists the certificates of a file below it, when it holds several; its content is what says so. */
export function storeBundle(file: ConfigObject, before: ConfigObject | undefined, session: Session): void {
  const content = textOf(file, 'content');
  const scope = scopeBelow(file);
  const items = [...session.store.collection(bundleCertificateKind, scope).list()];
  const isBundle = file.values['isBundle'] === 'true' && content !== undefined;
  if (content === (before === undefined ? undefined : textOf(before, 'content')) && items.length > 0 === isBundle) {
    return;
  }
  items.forEach((item) => dropWithItems(item, session));
  if (!isBundle) {
    return;
  }
  for (const [at, values] of bundleFacts(content).entries()) {
    const name = String(at + 1);
    const identity = { name, fullPath: name };
    session.save({ kind: bundleCertificateKind, scope, identity, values, given: new Set(), before: undefined });
  }
}
