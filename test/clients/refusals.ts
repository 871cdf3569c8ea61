import type { Refusal } from './client.ts';

/** What a device says to a PUT that holds a property which is fixed at creation, or only shown. */
const fixed = /may not be specified in the context of the \\?"modify\\?" command/v;
/** What restjavad says of a path that no worker has. */
const unknownPath = /Public URI path not registered/v;
const any = /.*/v;

/** What is refused. */
type Where = readonly [resource: RegExp, operation: RegExp];

function of(client: string): (where: Where, reason: RegExp, because: string) => Refusal {
  return ([resource, operation], reason, because) => ({ client, resource, operation, reason, because });
}

const sdk = of('f5-sdk');
const bigrest = of('bigrest');
const python = of('f5-sdk-python');
const conx = of('f5-conx-core');

function f5([resource, operation]: readonly [RegExp, RegExp], reason: RegExp, because: string): Refusal {
  return { client: 'f5_modules', resource, operation, reason, because };
}

/** Every refusal that is right. One that nothing needs any more fails the run. */
export const refusals: readonly Refusal[] = [
  bigrest(
    [
      /ltm\/(?:node|virtual|virtual-address|snat-translation|data-group\/internal|monitor\/.*)|net\/route-domain/v,
      /save/v,
    ],
    fixed,
    'bigrest puts back everything that it read, and a device refuses properties that are fixed at creation',
  ),
  sdk(
    [any, /modify|modify again|update|list/v],
    /^Unsupported(?:Method|Operation): /v,
    'the client itself does not offer it',
  ),
  sdk(
    [
      /ltm\/(?:data-group\/external|virtual)|net\/(?:self|tunnels\/gre|tunnels\/vxlan)|sys\/management-route/v,
      /update/v,
    ],
    fixed,
    'the client puts back everything that it read, and a device refuses properties that are fixed at creation',
  ),
  sdk(
    [/ltm\/profile\/(?:certificate-authority|classification|response-adapt|web-acceleration|web-security)/v, /list/v],
    /^UnregisteredKind: /v,
    'the client has another kind on its list for this collection',
  ),
  sdk(
    [/sys\/management-ip/v, /exists/v],
    /^InvalidInstanceNameOrFolder: /v,
    'the client looks for no name with a slash, which every management IP has',
  ),
  sdk(
    [/shared\/file-transfer/v, /bulk/v],
    /^LazyAttributesRequired: /v,
    'the client itself fails before it sends anything',
  ),
  sdk(
    [/ltm\/profile\/analytics\/.*/v, /list/v],
    /Unrecognized path element/v,
    'AVR is not provisioned: there are no alerts and captures below analytics profiles',
  ),
  sdk(
    [/ltm\/profile\/(?:ramcache|wa-cache)/v, /list/v],
    unknownPath,
    'there is no cache of web acceleration to look into',
  ),
  sdk([/sys\/cluster.*/v, any], unknownPath, 'a cluster is a chassis with blades; this is a virtual edition'),
  sdk(
    [/sys\/provision\/(?:ili|vcmp)/v, any],
    /was not found/v,
    'a virtual edition of these releases has no such module',
  ),
  sdk(
    [/sys\/application\/(?:aplscript|customstat)/v, any],
    unknownPath,
    'the client has other names for `apl-script` and `custom-stat`',
  ),
  sdk(
    [/sys\/application\/service/v, /update/v],
    /^KeyError: 'deviceGroup'/v,
    'the client takes away a property that devices print up to 12.1 only',
  ),
  sdk([/sys\/service/v, /list/v], unknownPath, 'there are no processes of a device'),
  sdk([/shared\/file-transfer/v, /ucs/v], unknownPath, 'archives hold the files of a system'),
  sdk([/shared\/authz/v, /list users/v], unknownPath, 'users are those of auth/user'),
  sdk(
    [/exec_cmd/v, /util .*|sys license install|sys service restart/v],
    unknownPath,
    'there is no shell or licence server of a device behind it',
  ),
  sdk([/exec_cmd/v, /sys ucs save/v], /is not supported for sys ucs/v, 'archives hold the files of a system'),
  sdk(
    [/exec_cmd/v, /sys software .*/v],
    /is not supported for sys software/v,
    'images are not installed, and volumes not booted',
  ),
  sdk([/exec_cmd/v, /shared authn root/v], unknownPath, 'there is no root account'),
  python(
    [/\w+Client(?: a)?/v, /delete|data center goes/v],
    /'NoneType' object has no attribute 'get'/v,
    'the client looks into the empty answer of a delete; the object is gone',
  ),
  python([/(?:AS3|DO|TS)Client/v, /service .*/v], unknownPath, 'the extension is not installed, as on a new box'),
  conx([/files/v, /upload ISO|upload UCS|ucs list/v], unknownPath, 'images and archives are not modelled'),
  f5([/bigip_(?:apm|asm)_.*/v, /run/v], /A[PS]M must be provisioned/v, 'the module is not provisioned'),
  f5([/bigip_firewall_.*/v, /run/v], /Public URI path not registered|does not exist/v, 'AFM is not modelled'),
  f5([/bigip_device_certificate/v, /run/v], /socket_path must be a value/v, 'it works over SSH alone'),
  f5([/bigip_device_license/v, /run/v], /util\/get-dossier/v, 'there is no licence server'),
  f5([/bigip_lx_package/v, /run/v], /takes no packages/v, 'extensions are programs for a device'),
  f5([/bigip_qkview/v, /run/v], /task failed unexpectedly/v, 'there is no system behind it to describe'),
  f5([/bigip_software_image/v, /run/v], /Failed to upload file/v, 'images are not installed'),
  f5([/bigip_software_install/v, /run/v], /image was not found/v, 'images are not installed'),
  f5(
    [/bigip_ucs(?:_fetch)?/v, /run/v],
    /Failed to upload the UCS|task\/sys\/ucs/v,
    'archives hold the files of a system',
  ),
  f5([/bigip_vcmp_guest/v, /run/v], /'selfLink'/v, 'a virtual edition has no guests'),
  f5([/bigip_configsync_action/v, /run/v], /Standalone/v, 'a device on its own has nobody to sync with'),
];
