import type { IRuleSection } from '../../../ir/irule.ts';
import type { PolicyAction, PolicyCondition, PolicyRule } from '../../../ir/policy-rule.ts';
import type { Field } from '../forms/compound.ts';
import type { Form } from '../forms/form.ts';
import type { KindForm } from './kind-form.ts';
import {
  choice,
  defaulted,
  isMapping,
  list,
  optional,
  readFields,
  required,
  shape,
  fieldsSchema,
  printFields,
} from '../forms/compound.ts';
import { reject } from '../forms/form.ts';
import { integer, oneOf, path, text, yes } from '../forms/scalars.ts';

type Fields = Readonly<Record<string, unknown>>;

/** What a rule can look at, in the device's words, and how the IR says it. */
const OPERANDS: Readonly<Record<string, Fields>> = {
  'http-host': { operand: 'http-host', host: true },
  'http-uri path': { operand: 'http-uri', path: true },
  'http-uri query-parameter': { operand: 'http-uri', queryParameter: true },
  'http-header': { operand: 'http-header' },
  'http-cookie': { operand: 'http-cookie' },
  'http-method': { operand: 'http-method' },
  'ssl-extension server-name': { operand: 'ssl-extension', serverName: true },
  'tcp address': { operand: 'tcp', address: true },
};

const WITH_NAME = new Set(['http-uri query-parameter', 'http-header', 'http-cookie']);
const operandForm = oneOf<string>(...Object.keys(OPERANDS));

/** What a condition has beside its operand. */
function fieldsFor(operand: string): Readonly<Record<string, Field<unknown>>> {
  const named = WITH_NAME.has(operand) ? { name: required(text('a name')) } : {};
  const compared =
    operand === 'tcp address'
      ? { values: required(list(text('an address or a network'))) }
      : {
          match: defaulted(oneOf('equals', 'starts-with', 'ends-with', 'contains', 'exists'), 'equals'),
          values: optional(list(text())),
          caseInsensitive: optional(yes),
        };
  const all = { operand: required(oneOf(operand)), ...named, ...compared, not: optional(yes) };
  return all as unknown as Readonly<Record<string, Field<unknown>>>;
}

function operandOf(condition: PolicyCondition): string {
  const given = condition as unknown as Fields;
  const found = Object.entries(OPERANDS).find(([, words]) =>
    Object.entries(words).every(([key, word]) => given[key] === word),
  );
  return found?.[0] ?? 'other';
}

const CONDITION = `a mapping with operand, one of ${Object.keys(OPERANDS).join(', ')}`;

const condition: Form<PolicyCondition> = {
  expected: CONDITION,
  schema: {
    oneOf: Object.keys(OPERANDS).map((operand) => fieldsSchema(fieldsFor(operand))),
  },
  read: (value, at, reading) => {
    if (!isMapping(value)) return reject(value, at, { reading, expected: CONDITION });
    const operand = operandForm.read(value['operand'], [...at, 'operand'], reading);
    const read = operand === undefined ? undefined : readFields(value, fieldsFor(operand), { path: at, reading });
    if (operand === undefined || read === undefined) return undefined;
    if (operand !== 'tcp address' && (read['match'] === 'exists') !== (read['values'] === undefined)) {
      return reading.problem([...at, 'values'], 'expected values beside match, or match: exists without them', true);
    }
    return { ...read, ...OPERANDS[operand] } as unknown as PolicyCondition;
  },
  print: (given, names) => {
    const operand = operandOf(given);
    return printFields({ ...given, operand }, fieldsFor(operand), names);
  },
};

const side = optional(oneOf('response'));

/** Without what Fairlead does not write: nobody wants that. */
type WrittenAction = Exclude<PolicyAction, { readonly type: 'other' }>;

const action = choice<'type', WrittenAction>('type', {
  forward: { pool: required(path('pool')), event: optional(oneOf('ssl-client-hello')) },
  redirect: { location: required(text()), code: optional(integer(300, 399)) },
  reset: {},
  'insert-header': { name: required(text()), value: required(text()), side },
  'replace-header': { name: required(text()), value: required(text()), side },
  'remove-header': { name: required(text()), side },
  'replace-host': { value: required(text()) },
  'replace-uri': { value: required(text()) },
  'replace-path': { value: required(text()) },
  'set-variable': { name: required(text()), value: required(integer(0, Number.MAX_SAFE_INTEGER)) },
});

type Rule = Omit<PolicyRule, 'origin'>;

const rule = shape<Rule>('a rule with name, conditions and actions', {
  name: required(text('a name')),
  conditions: defaulted(list(condition), []),
  actions: required(list(action as unknown as Form<PolicyAction>)),
});

/** `ltm policy`. */
export const policyForm: KindForm<'policy'> = {
  title: 'Policy',
  fields: {
    description: optional(text()),
    strategy: optional(oneOf('first-match', 'best-match', 'all-match')),
    rules: required(list(rule)),
  },
};

/** The name of the one section that a text alone becomes. */
const WHOLE = 'text';

type Section = Omit<IRuleSection, 'origin'>;

const sectionList = list(
  shape<Section>('a section with name and text', { name: required(text('a name')), text: required(text()) }),
);

const sections: Form<readonly Section[]> = {
  expected: 'the Tcl of the iRule, or a list of sections with name and text',
  schema: { anyOf: [{ type: 'string' }, sectionList.schema] },
  read: (value, at, reading) =>
    // The device keeps neither blank lines nor blanks at its end.
    typeof value === 'string' ? [{ name: WHOLE, text: value.trim() }] : sectionList.read(value, at, reading),
  print: (given, names) => {
    const [first] = given;
    const isText = given.length === 1 && first?.name === WHOLE && first.text === first.text.trim();
    return isText ? first.text : sectionList.print(given, names);
  },
};

/** `ltm rule`. */
export const iruleForm: KindForm<'irule'> = {
  title: 'IRule',
  fields: { description: optional(text()), sections: required(sections) },
};
