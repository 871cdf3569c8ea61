import type { BigipObject } from '../../src/ir/objects.ts';
import type { Diagnostic } from '../../src/diagnostics/diagnostic.ts';
import type { ExtractOptions } from '../../src/sources/kubernetes/extract/index.ts';
import { DesiredState } from '../../src/desired/desired-state.ts';
import { checksumOf } from '../../src/desired/blob-store.ts';
import { compareText } from '../../src/ir/compare-text.ts';
import { Assembly } from '../../src/sources/kubernetes/assembly.ts';
import { changeOf } from '../../src/sources/kubernetes/changes.ts';
import { annotationPrefixes, extractOptions, ingressOptions } from '../../src/sources/kubernetes/extract/index.ts';
import { FRONT_SECTIONS } from '../../src/sources/kubernetes/extract/ingress-irule-text.ts';
import { isRead } from '../../src/sources/kubernetes/records.ts';
import type { RecordKind } from '../../src/sources/kubernetes/records.ts';

/** What a case comes to: the objects as all Ingresses and Services together want them, and what is said of it. */
export interface Assembled {
  readonly objects: readonly BigipObject[];
  readonly problems: readonly string[];
}

/** The day on which the cases play. */
const TODAY = Date.parse('2026-06-01T12:00:00Z');

/** Manifests through store, books, cells and merge, as a run does it. */
export async function assembleManifests(documents: readonly unknown[]): Promise<Assembled> {
  const settings = documents.find((document) => (document as { kind?: unknown } | null)?.kind === 'GoldenOptions');
  const { options: given = {} } = (settings ?? {}) as { readonly options?: Partial<ExtractOptions> };
  const extract = extractOptions({
    source: 'east',
    partition: 'kubernetes',
    members: 'cluster',
    addressPools: [{ name: 'public', ranges: ['10.1.10.0/29'] }],
    ...given,
    ingress: ingressOptions(given.ingress),
  });
  const feed = { ready: () => true, doubt: false };
  const assembly = new Assembly({ extract, namespaces: {}, nodes: true, feed, now: () => TODAY });
  const context = {
    source: 'east',
    annotationPrefixes: [...annotationPrefixes(extract), 'kubernetes.io/ingress.class'],
    keep: checksumOf,
  };
  const read = documents.filter((document) => isRead(document, context));
  assembly.changed(read.map((document) => changeOf((document as { kind: RecordKind }).kind, document, context)));
  assembly.release();
  const contributions = await assembly.extractAll(new AbortController().signal);
  const desired = new DesiredState();
  for (const contribution of contributions) desired.update(contribution);
  const merged = [...desired.refs()].sort(compareText).map((ref) => desired.merge(ref));
  const diagnostics = [
    ...assembly.problems,
    ...contributions.flatMap((contribution) => contribution.diagnostics),
    ...merged.flatMap((one) => one?.conflicts ?? []),
  ];
  return {
    objects: merged.flatMap((one) => (one?.object === undefined ? [] : shortened(one.object))),
    problems: [...new Set(diagnostics.map(print))].sort(compareText),
  };
}

/** Without the text that is the same in all iRules of fronts. */
function shortened(object: BigipObject): BigipObject {
  if (object.kind !== 'irule') return object;
  const usual = new Map(FRONT_SECTIONS.map(({ name, text }) => [name, text]));
  const sections = object.sections.map((section) =>
    usual.get(section.name) === section.text ? Object.assign({}, section, { text: '(as in all fronts)' }) : section,
  );
  return { ...object, sections };
}

function print({ severity, code, summary, detail }: Diagnostic): string {
  return `${severity} ${code}: ${summary}${detail === undefined ? '' : ` [${detail}]`}`;
}
