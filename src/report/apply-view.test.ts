import { describe, expect, it } from 'vitest';
import type { ApplyView } from './apply-view.ts';
import { applyText } from './apply-text.ts';
import { applyDocument } from './apply-view.ts';
import { plainPalette } from './palette.ts';

const view: ApplyView = {
  target: 'bigip1',
  fingerprint: 'f'.repeat(64),
  requests: 12,
  writes: 1,
  reports: [
    { unit: 'pool:/kubernetes/a', state: 'done', diagnostics: [] },
    {
      unit: 'pool:/kubernetes/b',
      state: 'refused',
      blame: {
        ref: 'pool:/kubernetes/b',
        origins: ['east:Service/default/b'],
        status: 400,
        message: '01070734:3: Configuration error\npassword=hunter2',
      },
      diagnostics: [
        { code: 'device-refused', severity: 'error', summary: 'told by the blame' },
        { code: 'hint', severity: 'info', summary: 'Rename it.' },
      ],
    },
    { unit: 'pool:/kubernetes/c', state: 'unknown', diagnostics: [] },
    {
      unit: 'pool:/kubernetes/d',
      state: 'refused',
      blame: { origins: [], status: 403, message: 'no' },
      diagnostics: [],
    },
  ],
  diagnostics: [
    { code: 'save-failed', severity: 'warning', summary: 'not saved', detail: 'Authorization: Basic aHVudGVyMg==' },
  ],
};

describe('the result of an apply', () => {
  it('as text has a line a unit, the words of the device, who is to blame, and a summary', () => {
    expect(applyText(view, plainPalette)).toBe(`done    pool:/kubernetes/a
refused pool:/kubernetes/b: the device refused it; nothing of it is in force
        pool /kubernetes/b from Service default/b (east)
        device (400): 01070734:3: Configuration error
        password=[redacted]
        info    Rename it. [hint]
unknown pool:/kubernetes/c: no answer, and reading could not settle it; plan again
refused pool:/kubernetes/d: the device refused it; nothing of it is in force
        device (403): no
warning not saved [save-failed]
        Authorization: [redacted]
Applied to bigip1: 1 unit done, 2 refused, 1 unknown; 12 requests, 1 write
`);
  });

  it('as JSON has the same, versioned', () => {
    const document = applyDocument([view]);
    expect(document).toMatchObject({
      format: 'fairlead.apply/v1',
      results: [{ target: 'bigip1', summary: { done: 1, refused: 2, stale: 0, unknown: 1 }, requests: 12, writes: 1 }],
    });
    expect(JSON.stringify(document)).not.toMatch(/hunter2|aHVudGVyMg/);
  });

  it('says so when all went well', () => {
    const good = { ...view, reports: view.reports.slice(0, 1), diagnostics: [] };
    expect(applyText(good, plainPalette)).toContain('Applied to bigip1: 1 unit done; 12 requests, 1 write\n');
    const noted = { ...good, reports: [{ unit: 'a', state: 'done' as const, diagnostics: view.diagnostics }] };
    expect(applyText(noted, plainPalette)).toContain('        warning not saved');
  });
});
