import { describe, expect, it } from 'vitest';
import { makeTcl } from './index.ts';

function run(script: string): string {
  return makeTcl({}, () => 0).eval(script);
}

describe('Tcl', () => {
  it.each([
    ['set a 5; incr a 2; expr {$a * 2 + 1}', '15'],
    ['expr {7 / 2} ', '3'],
    ['expr {7 / 2.0}', '3.5'],
    ['expr {-7 % 3}', '2'],
    ['expr {1 ? "yes" : [error no]}', 'yes'],
    ['expr {0 && [error no]}', '0'],
    ['expr {"abc" eq "abc" && "b" in {a b c}}', '1'],
    ['expr {"/Common/p" starts_with "/Common" and not ("x" contains "y")}', '1'],
    ['expr {max(3, 9) + round(2.5)}', '12'],
    ['expr {(1 << 4) | 3}', '19'],
    ['list a {b c} "" "d\\"e" {$x}', 'a {b c} {} {d"e} {$x}'],
    ['lindex {a {b {c d}} e} 1 1 0', 'c'],
    ['lsort -integer -decreasing {3 10 2}', '10 3 2'],
    ['lsearch -all {a b a} a', '0 2'],
    ['lsearch -exact {a b} z', '-1'],
    ['join [split "a,b,c" ,] -', 'a-b-c'],
    ['proc f {a {b 2} args} { return "$a/$b/[llength $args]" }; f 1 x y z', '1/x/2'],
    ['proc f {n} { if {$n < 2} { return 1 } ; expr {$n * [f [expr {$n - 1}]]} }; f 6', '720'],
    ['set s {}; foreach {k v} {a 1 b 2} { append s "$k=$v;" }; set s', 'a=1;b=2;'],
    [
      'set s {}; for {set i 0} {$i < 5} {incr i} { if {$i == 1} continue; if {$i == 4} break; append s $i }; set s',
      '023',
    ],
    ['catch { error "bad thing" } e; set e', 'bad thing'],
    ['catch { nope }', '1'],
    ['switch -glob abc { a* { set r glob } default { set r none } }', 'glob'],
    ['switch x { a - x { set r fell } }', 'fell'],
    ['regexp {(\\w+)@(\\w+)} "me@there" all who where; list $who $where', 'me there'],
    ['regsub -all {"} {a "b"} {\\"} r; set r', 'a \\"b\\"'],
    ['string map {a 1 b 2} "abc"', '12c'],
    ['string range "abcdef" 1 end-1', 'bcde'],
    ['string is integer -strict ""', '0'],
    ['format "%05d|%-4s|%.2f|%x" 42 ab 1.5 255', '00042|ab  |1.50|ff'],
    ['array set a {x 1 y 2}; set a(z) 3; lsort [array names a]', 'x y z'],
    ['set d [dict create a 1]; dict set d b c 2; dict get $d b c', '2'],
    ['proc inc {name} { upvar $name v; incr v }; set n 1; inc n; set n', '2'],
    ['set g 1; proc f {} { global g; return [incr g] }; f', '2'],
    ['namespace eval x { variable v 7 }; proc x::y {} { return "ok" }; x::y', 'ok'],
    ['set x {*}; list {*}{a b} c', 'a b c'],
    ['set a "line \\\n   two"; set a', 'line  two'],
    ['# a comment with { no end\nset a 1', '1'],
    ['subst {a [expr {1+1}] \\n}', 'a 2 \n'],
    ['lassign {1 2 3} a b; list $b $a', '2 1'],
  ])('%j gives %j', (script, result) => {
    expect(run(script)).toBe(result);
  });

  it.each([
    ['while {1} { }', 'the script runs too long'],
    ['proc f {} { f }; f', 'too many nested evaluations (infinite loop?)'],
    ['exec rm -rf /', 'exec: not allowed here'],
    ['open /etc/passwd', 'open: not allowed here'],
    ['set a {', 'missing close-brace'],
    ['set nope', 'can\'t read "nope": no such variable'],
    ['string repeat x 99999999', 'a value is too large'],
    ['expr {1 / 0}', 'divide by zero'],
  ])('%j ends with an error', (script, message) => {
    expect(() => run(script)).toThrow(message);
  });

  it('keeps what scripts print', () => {
    const tcl = makeTcl({}, () => 0);
    tcl.eval('puts one; puts -nonewline two');
    expect(tcl.output).toBe('one\ntwo');
  });
});
