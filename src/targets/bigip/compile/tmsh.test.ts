import fc from 'fast-check';
import { expect, it } from 'vitest';
import { tmshCommand } from './tmsh.ts';

/** What stands behind the closing quote of the text that starts at `"`, read as tmsh reads it. */
function behind(quoted: string): string {
  const end = /^"(?:\\.|[^\\"?{}])*"/s.exec(quoted)?.[0].length ?? 0;
  return quoted.slice(end);
}

it.each(['send', 'recv', 'description'])('X-30 keeps any text of %s inside its quotes', (name) => {
  const text = fc
    .array(fc.constantFrom('\\', '"', '?', '{', '}', ' ', '$', '[', ';', 'a'))
    .map((parts) => parts.join(''));
  fc.assert(
    fc.property(text, (value) => {
      const body = { name: 'm', partition: 'P', [name]: ` ${value}` };
      const command = tmshCommand({ method: 'POST', path: '/mgmt/tm/ltm/monitor/http', body, ref: 'monitor:/P/m' });
      const start = `create ltm monitor http /P/m { ${name} `;
      expect(command.startsWith(start)).toBe(true);
      expect(behind(command.slice(start.length))).toBe(' }');
    }),
  );
});
