import { describe, expect, it } from 'vitest';
import { startTest } from '../test-kit.ts';
import { deploy, members, template, tmsh, variables } from './iapp-kit.ts';

describe('scripts of templates', () => {
  async function saying(script: string, body: object = {}, more: object = {}): Promise<string> {
    const client = await startTest();
    await client.post('ltm/pool', { name: 'p', monitor: 'http', members: [{ name: '10.0.0.1:80', ratio: 3 }] });
    await client.post('cli/script', { name: 'lib', apiAnonymous: 'proc twice {x} {return "$x$x"}' });
    await template(client, `${script}\nerror "said $result"`, more);
    const answer = await deploy(client, body);
    return (
      /said (?<text>[\s\S]*)\n {4}while executing\n/v.exec((answer.body as { message: string }).message)?.groups?.[
        'text'
      ] ?? ''
    );
  }

  const cases: readonly (readonly [script: string, said: string, body?: object])[] = [
    ['set result "$tmsh::app_name [tmsh::pwd]"', 'web /Common/web.app'],
    [
      'set p [lindex [tmsh::get_config ltm pool /Common/p] 0]; set m [lindex [tmsh::get_field_value $p members] 0]; set result "[tmsh::get_name $p] [tmsh::get_type $p] [tmsh::get_name $m] [tmsh::get_field_value $m ratio]"',
      '/Common/p ltm pool /Common/10.0.0.1:http 3',
    ],
    ['set result [tmsh::get_field_value [lindex [tmsh::get_config ltm pool /Common/p] 0] nothing x]', '0'],
    [
      'set result [tmsh::get_field_value [lindex [tmsh::get_status ltm pool /Common/p] 0] status.availability-state]',
      'unknown',
    ],
    ['tmsh::include lib; set result [twice ab]', 'abab'],
    ['set result [catch {tmsh::include none} e]', '1'],
    [
      'set result "[iapp::is a__b x y]/[iapp::is a__b z]/[iapp::is none x]"',
      '1/0/0',
      { variables: variables({ a__b: 'y' }) },
    ],
    ['set result "[iapp::tmos_version] [iapp::tmos_version >= 13.1] [iapp::tmos_version < 13.1]"', '17.1.0 1 0'],
    [
      'set result "[iapp::destination a__b 80] [iapp::destination 10.0.0.1/32 any] [iapp::destination ::1 443]"',
      '10.9.9.9:80 10.0.0.1:0 ::1.443',
      { variables: variables({ a__b: '10.9.9.9' }) },
    ],
    [
      'set result [iapp::pool_members pool__members]',
      'replace-all-with { 10.0.0.1:80 { connection-limit 0 } }',
      { tables: [members(['10.0.0.1', '80'], ['0.0.0.0', '80'])] },
    ],
    ['array set a {x {got $y} * other}; set y 1; set result "[iapp::substa a(x)] [iapp::substa a(z)]"', 'got 1 other'],
    ['set result [iapp::conf create ltm pool q]', 'q'],
    [
      'set result "[iapp::get_items -exists ltm pool /Common/p] [iapp::get_items -exists ltm pool /Common/z] [iapp::get_items ltm pool /Common/p]"',
      '1 0 /Common/p',
    ],
    ['set result $::l__names', 'a {b c}', { lists: [{ name: 'l__names', value: ['a', 'b c'] }] }],
    [
      'foreach row $::pool__members {foreach c [lrange [split [join $row] "\\n"] 1 end-1] {lappend result [lrange $c 1 end]}}',
      '10.0.0.1 80 0',
      { tables: [members(['10.0.0.1', '80'])] },
    ],
    [
      'tmsh::create "ltm rule r { when HTTP_REQUEST { set x {a b} } }"; set result [tmsh::list ltm rule r]',
      'ltm rule r {\n    app-service web\nwhen HTTP_REQUEST { set x {a b} }\n}',
    ],
    [
      'tmsh::create ltm rule r {when CLIENT_ACCEPTED { }}; set result [tmsh::list ltm rule r]',
      'ltm rule r {\n    app-service web\nwhen CLIENT_ACCEPTED { }\n}',
    ],
    [
      'tmsh::begin_transaction; tmsh::create ltm pool q; tmsh::commit_transaction; set result [tmsh::list ltm pool q one-line]',
      'ltm pool q { app-service web }',
    ],
  ];

  /** Ways in which scripts of templates hand code on. */
  const handing: readonly (readonly [command: string, code: string])[] = [
    ['iapp::conf create sys icall script s definition \\{ $code \\}', 'set x "a b"\nforeach y {1 2} { puts "$y" }'],
    ['tmsh::create "sys icall script s definition { $code } description \\"a b\\""', 'if {1} { set x "[list 1 2]" }'],
    ['tmsh::create sys icall script s definition $code description "a b"', '# it isn\'t\nset x "{}"'],
    ['tmsh::create sys icall script s definition \\{ $code \\}', 'set x "no end'],
  ];

  it.each(handing)('%s', async (command, code) => {
    const client = await startTest();
    await template(client, `set code $::a__code\n${command}`);
    expect(await deploy(client, { variables: variables({ a__code: code }) })).toMatchObject({ status: 200 });
    const before = (await client.get('sys/icall/script/~Common~web.app~s')).body;
    expect(before.definition.trim()).toBe(code);
    await tmsh(client, 'save sys config');
    await tmsh(client, 'load sys config');
    const { generation: _before, ...saved } = before;
    const { generation: _after, ...loaded } = (await client.get('sys/icall/script/~Common~web.app~s')).body;
    expect(loaded).toEqual(saved);
  });

  it.each(cases.map(([script, said, body = {}]) => ({ script, said, body })))(
    '$script',
    async ({ script, said, body }) => {
      expect(await saying(script, body)).toBe(said);
    },
  );

  it('fill in the macro of their template', async () => {
    const script = 'set result [tmsh::expand_macro -vars [list code 200]]';
    expect(await saying(script, {}, { macro: 'when HTTP_REQUEST { HTTP::respond $code }' })).toBe(
      'when HTTP_REQUEST { HTTP::respond 200 }',
    );
  });
});
