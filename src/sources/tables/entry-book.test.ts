import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Contribution } from '../../desired/contribution.ts';
import type { CellValue, Table } from './row.ts';
import type { TableSourceOptions } from './table-source.ts';
import { stockDefaults } from '../values/defaults.ts';
import { EntryBook } from './entry-book.ts';

const OPTIONS: TableSourceOptions = {
  source: 'keys',
  partition: 'k',
  defaults: stockDefaults,
  label: 'keys',
  mapping: {},
  badRows: 'freeze',
  allowEmpty: true,
};
const PLACE = { file: '/services' };

function entry(key: string, ...rows: readonly Readonly<Record<string, CellValue>>[]): Table {
  const place = { file: key };
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  return { place, columns, rows: rows.map((row) => ({ place, values: new Map(Object.entries(row)) })) };
}

const broken = (key: string, values?: ReadonlyMap<string, CellValue>): Table => ({
  ...entry(key),
  broken: [{ place: { file: key }, text: 'holds no JSON', ...(values === undefined ? {} : { values }) }],
});

const bookOf = (more: Partial<TableSourceOptions> = {}): EntryBook => new EntryBook({ ...OPTIONS, ...more }, PLACE);

function said(book: EntryBook): readonly Contribution[] {
  return [...book.contributions].sort((a, b) => (a.cell < b.cell ? -1 : 1));
}

const frozen = (book: EntryBook): readonly string[] =>
  said(book).flatMap((contribution) => (contribution.frozen === true ? [contribution.cell] : []));

describe('a book of entries', () => {
  it('after any changes says what one that starts with the last state says', () => {
    const row = fc.record({
      service: fc.constantFrom('web', 'mail', ''),
      member: fc.constantFrom('10.0.0.1:80', '10.0.0.2:80', 'nonsense'),
      port: fc.constantFrom('', '443', 'x'),
    });
    const state = fc.option(fc.array(row, { maxLength: 3 }), { nil: undefined });
    const step = fc.dictionary(fc.constantFrom('a', 'b', 'c'), state);
    const mode = fc.constantFrom('freeze' as const, 'skip' as const);
    fc.assert(
      fc.property(fc.array(step, { maxLength: 6 }), mode, fc.boolean(), (steps, badRows, allowEmpty) => {
        const [book, last] = [bookOf({ badRows, allowEmpty }), new Map<string, Table>()];
        for (const one of steps) {
          const changes = new Map(
            Object.entries(one).map(([key, rows]) => [key, rows && entry(key, ...rows)] as const),
          );
          book.change(changes);
          for (const [key, table] of changes) {
            if (table === undefined) last.delete(key);
            else last.set(key, table);
          }
        }
        const fresh = bookOf({ badRows, allowEmpty });
        fresh.change(last);
        expect(book.complete).toBe(fresh.complete);
        expect(book.diagnostics).toEqual(fresh.diagnostics);
        // What is in doubt, or refused, keeps more than a fresh start knows of.
        expect(book.complete ? said(book) : []).toEqual(book.complete ? said(fresh) : []);
      }),
    );
  });

  it('costs what the services of a changed key cost, whatever else there is', () => {
    const costOf = (count: number): number => {
      const book = bookOf();
      const all = Array.from(
        { length: count },
        (_, index) => [`s${index}`, { service: `s${index}`, member: '10.0.0.1:80' }] as const,
      );
      book.change(new Map(all.map(([key, row]) => [key, entry(key, row)])));
      const before = book.extractions;
      expect([...book.change(new Map([['s1', entry('s1', { service: 's1', member: '10.0.0.2:80' })]]))]).toEqual([
        'keys:Service/s1#pool',
      ]);
      return book.extractions - before;
    };
    expect(costOf(1000)).toBe(costOf(10));
  });

  it('an entry that was read before and cannot be now freezes its own services alone', () => {
    const book = bookOf();
    const rows = { a: { service: 'web', member: '10.0.0.1:80' }, b: { service: 'mail', member: '10.0.0.2:25' } };
    book.change(new Map(Object.entries(rows).map(([key, row]) => [key, entry(key, row)])));
    book.change(new Map([['a', broken('a')]]));
    // A second time: what it said when it was whole still holds.
    book.change(new Map([['a', broken('a')]]));
    expect(frozen(book)).toEqual(['keys:Service/web', 'keys:Service/web#pool']);
    expect(said(book).flatMap(({ diagnostics }) => diagnostics.map(({ summary }) => summary))).toEqual([
      'keys: a: holds no JSON',
    ]);
    expect(book.complete).toBe(true);
    book.change(new Map([['a', undefined]]));
    expect(said(book).map(({ cell }) => cell)).toEqual(['keys:Service/mail', 'keys:Service/mail#pool']);
  });

  it('an entry that nobody has ever read freezes the services of its name, and no service goes for it', () => {
    const book = bookOf();
    book.change(new Map([['a', entry('a', { service: 'web', vip: '10.1.1.1:443', member: '10.0.0.1:80' })]]));
    book.change(new Map([['b', broken('b', new Map([['service', 'web']]))]]));
    expect(frozen(book)).toContain('keys:Service/web/443#pool');
    expect(book.complete).toBe(false);
    const nobodys = bookOf();
    nobodys.change(
      new Map([
        ['a', broken('a')],
        ['b', entry('b', { service: 'web', member: '10.0.0.1:80' })],
      ]),
    );
    expect(nobodys.complete).toBe(false);
    nobodys.change(new Map([['b', undefined]]));
    expect(said(nobodys).map(({ cell }) => cell)).toContain('keys:Service/web');
    nobodys.change(new Map([['a', undefined]]));
    expect(said(nobodys)).toEqual([]);
  });

  it('a row that lost its name takes no member from the services that change meanwhile, and costs no other service', () => {
    const book = bookOf();
    const [one, two] = [
      { service: 'web', member: '10.0.0.1:80' },
      { service: 'web', member: '10.0.0.2:80' },
    ];
    const mail = entry('mail', { service: 'mail', member: '10.0.0.3:25' });
    book.change(
      new Map([
        ['web', entry('web', one, two)],
        ['mail', mail],
      ]),
    );
    const before = book.extractions;
    const changed = book.change(new Map([['web', entry('web', one, { ...two, service: '' })]]));
    expect([book.complete, [...changed].sort()]).toEqual([false, ['keys:Service/web', 'keys:Service/web#pool']]);
    expect(book.extractions - before).toBe(2);
    expect(said(book).map(({ cell, keeps }) => [cell, keeps?.includes('monitor')])).toEqual([
      ['keys:Service/mail', undefined],
      ['keys:Service/mail#pool', undefined],
      ['keys:Service/web', true],
      ['keys:Service/web#pool', true],
    ]);
    book.change(new Map([['web', entry('web', one)]]));
    expect(said(book).some(({ keeps }) => keeps !== undefined)).toBe(false);
    expect(book.complete).toBe(true);
  });

  it('takes nothing while one row is bad, if so configured', () => {
    const book = bookOf({ badRows: 'refuse' });
    book.change(new Map([['a', entry('a', { service: 'web', member: '10.0.0.1:80' })]]));
    const good = said(book);
    book.change(
      new Map([
        ['a', entry('a', { service: 'web', member: '10.0.0.9:80' })],
        ['b', entry('b', { service: 'mail', member: 'x' })],
      ]),
    );
    expect(said(book)).toEqual(good);
    expect(book.diagnostics.map(({ summary }) => summary)).toEqual([
      'keys: /services: has rows that cannot be used, so nothing is taken (badRows: refuse)',
      expect.stringMatching(/^keys: b, column member: member is "x", expected an IP address/),
    ]);
    book.change(new Map([['b', undefined]]));
    expect(JSON.stringify(said(book))).toContain('10.0.0.9');
  });

  it('refuses a column that no entry has; with a constant beside it, it may be missing', () => {
    const table = new Map([['a', entry('a', { service: 'web', addres: '10.0.0.1:80' })]]);
    const strict = bookOf({ mapping: { member: { column: 'address' } } });
    strict.change(table);
    expect([strict.complete, said(strict)]).toEqual([false, []]);
    expect(strict.diagnostics[0]?.summary).toMatch(/has no column "address".*did you mean addres\?/);
    const loose = bookOf({ mapping: { member: { column: 'address', const: '10.0.0.3:80' } } });
    loose.change(table);
    expect([loose.complete, JSON.stringify(said(loose))]).toEqual([true, expect.stringContaining('10.0.0.3')]);
  });

  it('AC-03 knows under which key a field and a member stand, also after a change', () => {
    const book = bookOf();
    const row = { service: 'web', monitor: '/Common/http' };
    const placesOf = (): unknown => {
      const contribution = said(book).find(({ cell }) => cell.endsWith('#pool'));
      const places = contribution === undefined ? undefined : book.explain(contribution).get('pool:/k/web');
      return [places?.get('monitor'), places?.get('members 10.0.0.1:80'), places?.get('members 10.0.0.2:80')];
    };
    book.change(new Map([['a', entry('a', { ...row, member: '10.0.0.1:80' })]]));
    expect(placesOf()).toEqual(['a, column monitor', 'a', undefined]);
    book.change(new Map([['b', entry('b', { ...row, member: '10.0.0.2:80' })]]));
    expect(placesOf()).toEqual(['a, column monitor', 'a', 'b']);
  });
});
