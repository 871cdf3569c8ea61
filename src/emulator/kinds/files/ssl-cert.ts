import { texts } from '../fields/lists.ts';
import { readOnly } from '../fields/scalars.ts';
import { defineKind, type StockObject } from '../kind.ts';
import { bundleCertificateKind, storeBundle } from './bundle.ts';
import { checkUsers } from '../profiles/cert-key-chain.ts';
import { certificateFacts } from './certificate.ts';
import { fileInUse, unreadable } from './errors.ts';
import { fileFields, takeContent } from './file-fields.ts';
import { fileReference } from './file-reference.ts';

const certValidatorKind = defineKind({
  path: 'sys/file/ssl-cert/cert-validators',
  type: 'Certificate Validator',
  inline: 'certValidators',
  fields: [],
});

/** A certificate of an empty box: what it says, without a content (values K, but for the bundle's, which are recorded). */
function stock(name: string, values: Readonly<Record<string, unknown>>): StockObject {
  const made = '2020-01-23T01:10:20Z';
  const by = { createTime: made, createdBy: 'root', lastUpdateTime: made, updatedBy: 'root' };
  const facts = { certificateKeyCurveName: 'none', certificateKeySize: 2048, keyType: 'rsa-public', version: 3 };
  return { name, values: { ...facts, ...by, mode: 33_261, systemPath: `/config/ssl/ssl.crt/${name}`, ...values } };
}

const local = 'emailAddress=root@localhost.localdomain,CN=localhost.localdomain,OU=IT,O=MyCompany,L=Seattle,ST=WA,C=US';
const starfield =
  'CN=Starfield Services Root Certificate Authority,OU=http://certificates.starfieldtech.com/repository/,O=Starfield Technologies, Inc.,L=Scottsdale,ST=Arizona,C=US';
const support =
  'emailAddress=support@f5.com,CN=support.f5.com,OU=Product Development,O=F5 Networks,L=Seattle,ST=Washington,C=US';

function dated(date: number, text: string): Readonly<Record<string, unknown>> {
  return { expirationDate: date, expirationString: text };
}

/** Certificate files (fact sheet 8.11). */
export const sslCertKind = defineKind({
  path: 'sys/file/ssl-cert',
  type: 'Certificate File',
  fields: [
    ...fileFields(33_188),
    texts('certValidationOptions'),
    readOnly('certificateKeyCurveName', undefined),
    readOnly('certificateKeySize', undefined),
    readOnly('expirationDate', undefined),
    readOnly('expirationString', undefined),
    readOnly('fingerprint', undefined, { since: '14.1' }),
    readOnly('isBundle', 'false'),
    readOnly('issuer', undefined),
    fileReference('issuerCert', 'sys/file/ssl-cert'),
    readOnly('keyType', undefined),
    readOnly('serialNumber', undefined),
    readOnly('subject', undefined),
    readOnly('subjectAlternativeName', undefined, { since: '14.1' }),
    readOnly('version', undefined),
  ],
  subs: [bundleCertificateKind, certValidatorKind],
  stock: [
    stock('ca-bundle.crt', {
      ...dated(1_893_455_999, 'Dec 31 23:59:59 2029 GMT'),
      checksum: 'SHA1:5368116:a98ae01563290479a33b307ae763ff32d157ac9f',
      fingerprint:
        'SHA256/B5:BD:2C:B7:9C:BD:19:07:29:8D:6B:DF:48:42:E5:16:D8:C7:8F:A6:FC:96:D2:5F:71:AF:81:4E:16:CC:24:5E',
      isBundle: 'true',
      issuer: starfield,
      size: 5_368_116,
      subject: starfield,
    }),
    stock('default.crt', {
      ...dated(1_894_929_020, 'Jan 18 01:10:20 2030 GMT'),
      issuer: local,
      mode: 33_188,
      serialNumber: '1',
      subject: local,
    }),
    stock('f5-ca-bundle.crt', {
      ...dated(1_922_896_554, 'Dec  7 17:55:54 2030 GMT'),
      isBundle: 'true',
      issuer: 'CN=Entrust Root Certification Authority - G2,O=Entrust, Inc.,C=US',
      subject: 'CN=Entrust Root Certification Authority - G2,O=Entrust, Inc.,C=US',
    }),
    stock('f5-irule.crt', { ...dated(1_815_944_413, 'Jul 18 21:00:13 2027 GMT'), issuer: support, subject: support }),
  ],
  hooks: {
    prepare: (draft, session) => {
      const content = takeContent(draft, session);
      if (content === undefined) {
        return;
      }
      try {
        Object.assign(draft.values, certificateFacts(content));
      } catch {
        throw unreadable('certificate', String(draft.values['sourcePath']).replace('file://', ''));
      }
    },
    stored: storeBundle,
    check: checkUsers,
    inUse: (file) => fileInUse(file.fullPath),
  },
});
