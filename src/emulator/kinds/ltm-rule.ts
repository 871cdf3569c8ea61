import { compileRule, RuleSyntaxError } from '../irules/compile.ts';
import { mcpError } from '../errors/device-error.ts';
import { metadata } from './fields/lists.ts';
import { appService } from './fields/app-service.ts';
import { asText, text } from './fields/scalars.ts';
import { defineKind } from './kind.ts';

/** The error of a text that is no iRule; Tcl's words stand in brackets (fact sheet 8.10; the place is K: always line 1). */
function refuseUnreadable(fullPath: string, code: string): void {
  try {
    compileRule(fullPath, code);
  } catch (error) {
    if (!(error instanceof RuleSyntaxError)) {
      throw error;
    }
    throw mcpError(`01070151:3: Rule [${fullPath}] error: ${fullPath}:1: error: [${error.message}]`);
  }
}

/** iRules of an empty box (fact sheet 8.0). */
const system = [
  '_sys_APM_ExchangeSupport_OA_BasicAuth',
  '_sys_APM_ExchangeSupport_OA_NtlmAuth',
  '_sys_APM_ExchangeSupport_helper',
  '_sys_APM_ExchangeSupport_main',
  '_sys_APM_Office365_SAML_BasicAuth',
  '_sys_APM_activesync',
  '_sys_auth_krbdelegate',
  '_sys_auth_ldap',
  '_sys_auth_radius',
  '_sys_auth_ssl_cc_ldap',
  '_sys_auth_ssl_crldp',
  '_sys_auth_ssl_ocsp',
  '_sys_auth_tacacs',
];

const redirect =
  'nodelete nowrite \nwhen HTTP_REQUEST {\n   set host [HTTP::host]\n   HTTP::respond 302 Location "https://$host/"\n}';

/** iRules: text that is kept as given, trimmed (fact sheet 8.10). */
export const ruleKind = defineKind({
  path: 'ltm/rule',
  type: 'iRule',
  fields: [
    appService(),
    {
      name: 'apiAnonymous',
      parse: (value) => {
        const code = asText(value, 'api-anonymous').trim();
        return code === '' ? undefined : code;
      },
    },
    text('ignoreVerification'),
    metadata(),
  ],
  stock: [...system.map((name) => ({ name })), { name: '_sys_https_redirect', values: { apiAnonymous: redirect } }],
  hooks: {
    prepare: ({ values, identity }) => {
      const code = typeof values['apiAnonymous'] === 'string' ? values['apiAnonymous'] : '';
      if (code.length > 65_534) {
        throw mcpError('01020057:3: The string with more than 65535 characters cannot be stored in a message.');
      }
      refuseUnreadable(identity.fullPath, code);
    },
    beforeDelete: (rule) => {
      if (rule.name.startsWith('_sys_')) {
        throw mcpError(`01070265:3: The rule (${rule.fullPath}) cannot be deleted because it is a system rule.`);
      }
    },
  },
});
