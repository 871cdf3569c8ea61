import { describe, expect, it } from 'vitest';
import type { BigipObject } from '../../../ir/objects.ts';
import { decodeObject } from './decode-object.ts';

function decoded(apiAnonymous?: string): BigipObject {
  const body = { fullPath: '/k/web', ...(apiAnonymous === undefined ? {} : { apiAnonymous }) };
  return decodeObject('irule', body, { version: [17, 1, 0], defaultRouteDomain: 0, partition: 'k' }).object;
}

describe('iRules as devices print them', () => {
  it('of somebody else are one section without a name, and nobody’s', () => {
    const text = 'when HTTP_REQUEST {\n  # -- section not ours\n  pool web\n}';
    expect(decoded(`\r\n ${text.replaceAll('\n', '\r\n')}\r\n`)).toEqual({
      kind: 'irule',
      path: '/k/web',
      sections: [{ name: '', text }],
    });
    expect(decoded()).toEqual({ kind: 'irule', path: '/k/web', sections: [] });
  });

  it('say whose they are, and who gave each section', () => {
    const lines = [
      '# -- about Ingress shop/web (cluster east), 2 &lt; 3',
      '# -- fairlead:lab east:Ingress/shop/silent',
      '# -- section 10%20begin east:Ingress/shop/web',
      'when HTTP_REQUEST {',
      '# -- section 20',
      '  pool /k/web',
      '',
      '  # done',
      '# -- section 90 east:Ingress/shop/any',
      '}',
    ];
    expect(decoded(lines.join('\n'))).toEqual({
      kind: 'irule',
      path: '/k/web',
      description: 'Ingress shop/web (cluster east), 2 < 3',
      sections: [
        { name: '10 begin', origin: 'east:Ingress/shop/web', text: 'when HTTP_REQUEST {' },
        { name: '20', text: '  pool /k/web\n\n  # done' },
        { name: '90', origin: 'east:Ingress/shop/any', text: '}' },
      ],
      mark: {
        instance: 'lab',
        origins: ['east:Ingress/shop/any', 'east:Ingress/shop/silent', 'east:Ingress/shop/web'],
      },
    });
  });

  it('that somebody copied under another instance belong to that one', () => {
    expect(decoded('# -- fairlead:other a:B/c\nwhen LB_FAILED {\n}')).toMatchObject({
      mark: { instance: 'other', origins: ['a:B/c'] },
    });
  });
});
