import { describe, expect, it } from 'vitest';
import { planMarkdown } from './plan-markdown.ts';
import { emptyPlan, samplePlan, textPlan } from './testing/sample-plan.ts';

describe('a plan as Markdown', () => {
  it('has a table for each unit, what is withheld, and problems', () => {
    const text = planMarkdown(samplePlan);
    expect(text).toContain('## Plan for bigip1\n\n**Plan: 1 to create');
    expect(text).toContain('### `pool:/kubernetes/default_web_http`\n\nService default/web (east)\n');
    expect(text).toContain('| **create** | `pool /kubernetes/default_web_http` |  |  |  |\n');
    expect(text).toContain('| `+` |  | members |  | `10.244.1.6:8080 disabled ratio 2` |\n');
    expect(text).toContain('| **delete** | `node /kubernetes/10.244.1.9` |  |  |  |');
    expect(text).toContain('| foreign | `pool /kubernetes/other` | Service default/other (east) |');
    expect(text).toContain('- warning: annotation fairlead.io/x: found password=\\[redacted\\]');
  });

  it('cannot be broken by a pipe or a backtick in a name', () => {
    expect(planMarkdown(samplePlan)).toContain('`/Common/old\\|rule`');
    const plan = { ...samplePlan.plan, units: [{ id: 'pool:/a/`b', wave: 1 as const, origins: [], changes: [] }] };
    expect(planMarkdown({ ...samplePlan, plan })).toContain('### `` pool:/a/`b ``');
  });

  it('shows the lines of a text that change', () => {
    expect(planMarkdown(textPlan)).toContain(
      '| `~` |  | sections 10 |  | `...`<br>`    set b 2`<br>`    set c 3`<br>`-   pool /k/web`<br>`+   pool /k/api \\| x`<br>`  }` |',
    );
  });

  it('says so when a source could not be read whole', () => {
    expect(planMarkdown({ ...emptyPlan, complete: false })).toContain('\n\nNot every source could be read whole');
  });

  it('is short when there is nothing to do', () => {
    expect(planMarkdown({ ...emptyPlan, scope: { text: 'kinds [pool]', outside: 0 } })).toContain(
      '\nOnly kinds \\[pool\\].',
    );
    expect(planMarkdown(emptyPlan)).toBe('## Plan for bigip1\n\n**Nothing to do: 1 object wanted**\n');
  });
});
