import { describe, expect, it } from 'vitest';
import { makeTcl } from './index.ts';
import { parseScript } from './parse.ts';

function run(script: string): string {
  return makeTcl({}, () => 0).eval(script);
}

describe('Tcl', () => {
  it.each([['expr {"/Common/p" starts_with "/Common" and not ("x" contains "y")}', '1']])(
    '%j gives %j',
    (script, result) => {
      expect(run(script)).toBe(result);
    },
  );

  it.each([
    ['while {1} { }', 'the script runs too long'],
    ['proc f {} { f }; f', 'too many nested evaluations (infinite loop?)'],
    ['exec rm -rf /', 'exec: not allowed here'],
    ['open /etc/passwd', 'open: not allowed here'],
    ['set a {', 'missing close-brace'],
    ['set nope', 'can\'t read "nope": no such variable'],
    ['string repeat x 99999999', 'a value is too large'],
    ['expr {1 / 0}', 'divide by zero'],
    ['regexp -nope 2 a banana', 'bad option "-nope"'],
    ['if {[catch {expr {[nope}} e]} {error "caught $e"}', 'caught missing close-bracket'],
  ])('%j ends with an error', (script, message) => {
    expect(() => run(script)).toThrow(message);
  });

  it('keeps what scripts print', () => {
    const tcl = makeTcl({}, () => 0);
    tcl.eval('puts one; puts -nonewline two');
    expect(tcl.output).toBe('one\ntwo');
  });

  it('reads a script once, while it is among the latest ones', () => {
    const first = parseScript('set cached 1');
    expect(parseScript('set cached 1')).toBe(first);
    for (let at = 0; at < 5000; at += 1) {
      parseScript(`set other ${at}`);
    }
    expect(parseScript('set cached 1')).not.toBe(first);
  });

  it('keeps numbers within bounds', () => {
    expect(() => run('expr {7 ** 100000000}')).toThrow('exponent too large');
    expect(() => run('expr {1 << 100000000}')).toThrow('integer value too large to represent');
    expect(() => run('set a 3; while 1 {set a [expr {$a * $a}]}')).toThrow('too large');
    expect(run('list [expr {1 ** 100000000000}] [expr {(-1) ** 100000000001}] [expr {0 ** 5}]')).toBe('1 -1 0');
  });

  it('takes the patterns of Tcl in matches_regex', () => {
    expect(run('expr {"a1" matches_regex {^[[:alpha:]]\\d$}}')).toBe('1');
    expect(() => run('expr {"a1" matches_regex "("}')).toThrow('parentheses () not balanced');
  });
});
