import type { Arbitrary } from 'fast-check';
import type { IRule } from '../../src/ir/irule.ts';
import type { Mark } from '../../src/ir/mark.ts';
import fc from 'fast-check';
import { canonical } from '../../src/ir/canonical.ts';
import { compareText } from '../../src/ir/compare-text.ts';
import { iruleDescriptor } from '../../src/ir/irule.ts';

/** What iRules are made of, as other objects are. */
interface Ingredients {
  readonly path: Arbitrary<string>;
  readonly description: Arbitrary<string>;
  readonly word: Arbitrary<string>;
  readonly mark: Arbitrary<Mark>;
  readonly origin: Arbitrary<string>;
}

const line = fc.constantFrom(
  '  # a comment, with a \\{ in it',
  '  if { [HTTP::path] eq "/a" } { pool /kubernetes/web; return }',
  '',
  'HTTP::respond 404 content "<b>?</b>"',
);
/** Several lines, whose braces are balanced; neither the first nor the last is blank. */
const text = fc.array(line, { maxLength: 4 }).map((lines) => ['when LB_FAILED {', ...lines, '}'].join('\n'));

/** Any iRule, canonical. Its mark names the origins of its sections. */
export function iruleArbitrary({ path, description, word, mark, origin }: Ingredients): Arbitrary<IRule> {
  const section = fc.record(
    {
      name: fc.oneof(
        word,
        word.map((name) => `${name} 100% {x}`),
      ),
      origin,
      text,
    },
    { requiredKeys: ['name', 'text'] },
  );
  const foreign = text.map((whole) => [{ name: '', text: whole }]);
  const sections = fc.oneof(
    foreign,
    fc.uniqueArray(section, { minLength: 1, maxLength: 4, selector: ({ name }) => name }),
  );
  return fc
    .record(
      { kind: fc.constant('irule' as const), path, description, sections, mark },
      { requiredKeys: ['kind', 'path', 'sections'] },
    )
    .map((rule) => canonical(withOwners(iruleDescriptor.arrange?.(rule) ?? rule)));
}

function withOwners(rule: IRule): IRule {
  if (rule.mark === undefined) return rule;
  const owners = rule.sections.flatMap(({ origin }) => (origin === undefined ? [] : [origin]));
  const origins = [...new Set([...rule.mark.origins, ...owners])].sort(compareText);
  return { ...rule, mark: { ...rule.mark, origins } };
}
