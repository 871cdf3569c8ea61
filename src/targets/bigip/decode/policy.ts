import type { Policy, PolicyStrategy } from '../../../ir/policy.ts';
import type { Match, PolicyAction, PolicyCondition, PolicyRule } from '../../../ir/policy-rule.ts';
import type { FullPath } from '../../../ir/ref.ts';
import type { Json } from '../request.ts';
import type { DecodeContext } from './values.ts';
import { compareText } from '../../../ir/compare-text.ts';
import { nameOf } from '../../../ir/ref.ts';
import { DESCRIPTION_MARK } from '../compile/metadata.ts';
import { camelCase } from '../compile/policy-words.ts';
import { splitTokens } from '../compile/tokens.ts';
import { decodeMarkedDescription } from './metadata.ts';
import { itemsOf, numberOf, pathIn, textOf } from './values.ts';

/** Reads `ltm policy`, with its rules if the sub-collection was expanded (three levels, facts 2.7). */
export function decodePolicy(path: FullPath, body: Json, context: DecodeContext): Policy {
  const { mark, ...text } = decodeMarkedDescription(body);
  const rules = inOrder(body).map((item) => decodeRule(item, context));
  const strategy = nameOf(textOf(body, 'strategy') ?? 'first-match') as PolicyStrategy;
  const owners = rules.flatMap(({ origin }) => (origin === undefined ? [] : [origin]));
  const origins = [...new Set([...(mark?.origins ?? []), ...owners])].sort(compareText);
  return {
    kind: 'policy',
    path,
    ...text,
    strategy,
    rules,
    ...(mark === undefined ? {} : { mark: { ...mark, origins } }),
  };
}

/** The numbers by which the rules are ordered, in their order. */
export function ordinalsOf(body: Json): readonly number[] {
  return inOrder(body).map((item) => numberOf(item, 'ordinal') ?? 0);
}

/** Of rules with the same number the device takes the first by name first (K). */
function inOrder(body: Json): readonly Json[] {
  return itemsOf(body, 'rulesReference').toSorted(
    (a, b) => (numberOf(a, 'ordinal') ?? 0) - (numberOf(b, 'ordinal') ?? 0) || compareText(ruleName(a), ruleName(b)),
  );
}

/** Up to 12.1 a rule may be called by its policy's partition, too: `/P/rule` (facts 8.8). */
function ruleName(item: Json): string {
  return nameOf(textOf(item, 'name') ?? '');
}

function decodeRule(item: Json, context: DecodeContext): PolicyRule {
  const description = textOf(item, 'description') ?? '';
  const [origin] = description.startsWith(DESCRIPTION_MARK)
    ? splitTokens(description.slice(DESCRIPTION_MARK.length))
    : [];
  return {
    name: ruleName(item),
    ...(origin === undefined ? {} : { origin }),
    conditions: byNumber(itemsOf(item, 'conditionsReference')).map(decodeCondition),
    actions: byNumber(itemsOf(item, 'actionsReference')).map((action) => decodeAction(action, context)),
  };
}

/** Conditions and actions are named by their place. A collection of more than ten would be sorted as texts. */
function byNumber(items: readonly Json[]): readonly Json[] {
  return items.toSorted((a, b) => (numberOf(a, 'name') ?? 0) - (numberOf(b, 'name') ?? 0));
}

const MATCHES = ['equals', 'starts-with', 'ends-with', 'contains', 'exists'] as const satisfies readonly Match[];
/** What a device adds to every condition without being asked; anything else of these pairs is something we do not write. */
const USUAL = ['request', 'external', 'present', 'remote', 'caseSensitive', 'caseInsensitive', 'not'] as const;

interface Operand {
  /** Words that tell it, all of them. */
  readonly words: readonly string[];
  readonly make: (comparing: Comparing, name: string) => PolicyCondition;
  readonly named?: true;
}

type Comparing = Pick<
  Extract<PolicyCondition, { readonly operand: 'http-method' }>,
  'match' | 'values' | 'caseInsensitive' | 'not'
>;

const OPERANDS: readonly Operand[] = [
  { words: ['httpHost', 'host'], make: (comparing) => ({ operand: 'http-host', host: true, ...comparing }) },
  { words: ['httpUri', 'path'], make: (comparing) => ({ operand: 'http-uri', path: true, ...comparing }) },
  {
    words: ['httpUri', 'queryParameter'],
    named: true,
    make: (comparing, name) => ({ operand: 'http-uri', queryParameter: true, name, ...comparing }),
  },
  {
    words: ['httpHeader', 'all'],
    named: true,
    make: (comparing, name) => ({ operand: 'http-header', name, ...comparing }),
  },
  {
    words: ['httpCookie', 'all'],
    named: true,
    make: (comparing, name) => ({ operand: 'http-cookie', name, ...comparing }),
  },
  { words: ['httpMethod', 'all'], make: (comparing) => ({ operand: 'http-method', ...comparing }) },
  {
    words: ['sslExtension', 'sslClientHello', 'serverName'],
    make: (comparing) => ({ operand: 'ssl-extension', serverName: true, ...comparing }),
  },
];

/** Reads a condition; one that holds anything that Fairlead does not write is kept as its words. */
function decodeCondition(item: Json): PolicyCondition {
  return decodeAddress(item) ?? decodeComparison(item) ?? { operand: 'other', words: wordsOf(item) };
}

function decodeComparison(item: Json): PolicyCondition | undefined {
  const match = MATCHES.find((word) => item[camelCase(word)] === true);
  const name = textOf(item, 'tmName');
  const operand = OPERANDS.find(({ words, named }) => hasAll(item, words) && (named === true) === (name !== undefined));
  if (operand === undefined || match === undefined) return undefined;
  const known = new Set([...operand.words, ...USUAL, camelCase(match), 'tmName', 'values']);
  if (!onlyKnown(item, known)) return undefined;
  const values = item['values'];
  const comparing: Comparing = {
    match,
    ...(Array.isArray(values) ? { values: values.map(String) } : {}),
    ...(item['caseSensitive'] === true ? {} : { caseInsensitive: true }),
    ...(item['not'] === true ? { not: true } : {}),
  };
  return operand.make(comparing, name ?? '');
}

/** Case means nothing to addresses: the device's default stands in the answer. */
function decodeAddress(item: Json): PolicyCondition | undefined {
  const words = ['tcp', 'request', 'address', 'matches'];
  const values = item['values'];
  if (!hasAll(item, words) || !Array.isArray(values) || !onlyKnown(item, new Set([...words, ...USUAL, 'values']))) {
    return undefined;
  }
  return { operand: 'tcp', address: true, values: values.map(String), ...(item['not'] === true ? { not: true } : {}) };
}

function hasAll(item: Json, words: readonly string[]): boolean {
  return words.every((word) => item[word] === true);
}

/** What every answer holds, and says nothing about what is done. */
const ANSWER = new Set(['kind', 'name', 'fullPath', 'generation', 'selfLink', 'poolReference', 'partition']);

function onlyKnown(item: Json, known: ReadonlySet<string>): boolean {
  return meaningful(item).every(([name]) => known.has(name));
}

/** Without numbers that are 0, which the device adds to all (facts 8.8). */
function meaningful(item: Json): readonly (readonly [string, unknown])[] {
  return Object.entries(item).filter(([name, value]) => !ANSWER.has(name) && value !== 0 && value !== 'none');
}

function wordsOf(item: Json): string {
  return meaningful(item)
    .map(([name, value]) => (value === true ? name : `${name} ${JSON.stringify(value)}`))
    .sort(compareText)
    .join(' ');
}

/** Reads an action; one that holds anything that Fairlead does not write is kept as its words. */
function decodeAction(item: Json, context: DecodeContext): PolicyAction {
  return (
    decodeForward(item, context) ?? decodeHttp(item) ?? decodeVariable(item) ?? { type: 'other', words: wordsOf(item) }
  );
}

function decodeForward(item: Json, context: DecodeContext): PolicyAction | undefined {
  if (hasAll(item, ['forward', 'request', 'reset'])) {
    return onlyKnown(item, new Set(['forward', 'request', 'reset'])) ? { type: 'reset' } : undefined;
  }
  const pool = pathIn(item, 'pool', context);
  const event = item['sslClientHello'] === true ? 'sslClientHello' : 'request';
  if (!hasAll(item, ['forward', 'select', event]) || pool === undefined) return undefined;
  if (!onlyKnown(item, new Set(['forward', 'select', event, 'pool']))) return undefined;
  return event === 'request' ? { type: 'forward', pool } : { type: 'forward', pool, event: 'ssl-client-hello' };
}

function decodeVariable(item: Json): PolicyAction | undefined {
  const [name, value] = [textOf(item, 'tmName'), numberOf(item, 'expression')];
  const words = ['tcl', 'request', 'setVariable'];
  if (name === undefined || value === undefined || !hasAll(item, words)) return undefined;
  return onlyKnown(item, new Set([...words, 'tmName', 'expression']))
    ? { type: 'set-variable', name, value }
    : undefined;
}

function decodeHttp(item: Json): PolicyAction | undefined {
  const [name, value, path, location] = ['tmName', 'value', 'path', 'location'].map((property) =>
    textOf(item, property),
  );
  const has = (words: readonly string[], ...others: readonly string[]): boolean =>
    hasAll(item, words) && onlyKnown(item, new Set([...words, ...others]));
  if (location !== undefined && has(['httpReply', 'redirect', 'request'], 'location', 'code')) {
    const code = numberOf(item, 'code') ?? 0;
    return { type: 'redirect', location, ...(code === 0 ? {} : { code }) };
  }
  if (value !== undefined && has(['httpHost', 'replace', 'request'], 'value')) return { type: 'replace-host', value };
  if (value !== undefined && has(['httpUri', 'replace', 'request'], 'value')) return { type: 'replace-uri', value };
  if (path !== undefined && has(['httpUri', 'replace', 'request'], 'path'))
    return { type: 'replace-path', value: path };
  return name === undefined ? undefined : decodeHeader(name, value, has);
}

function decodeHeader(
  name: string,
  value: string | undefined,
  has: (words: readonly string[], ...others: readonly string[]) => boolean,
): PolicyAction | undefined {
  for (const side of ['request', 'response'] as const) {
    const where = side === 'response' ? { side } : {};
    if (value === undefined && has(['httpHeader', side, 'remove'], 'tmName'))
      return { type: 'remove-header', name, ...where };
    for (const type of ['insert', 'replace'] as const) {
      if (value === undefined || !has(['httpHeader', side, type], 'tmName', 'value')) continue;
      return { type: `${type}-header`, name, value, ...where };
    }
  }
  return undefined;
}
