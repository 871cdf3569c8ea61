import { readFileSync } from 'node:fs';
import { authenticate, type Gate } from '../auth/authenticate.ts';
import { basicAuthRequired } from '../errors/html.ts';
import { restjavadError } from '../errors/restjavad.ts';
import type { Faults } from '../faults/faults.ts';
import { header, type Reply, type Request } from '../http/exchange.ts';
import type { RequestLog } from '../http/request-log.ts';
import { failoverState } from '../system/failover.ts';
import { Html, markup } from './markup.ts';
import { memberCounts, poolRows, virtualRows, wideIpRows, type Asked, type Sources } from './model.ts';
import { faultSection, logSection, poolSection, virtualSection, wideIpSection } from './sections.ts';
import { pill } from './status.ts';
import { style, styleHash } from './style.ts';
import { body, monoCell, nameCell, table } from './tables.ts';

/** An emulated device of this process. */
export interface DeviceEntry {
  readonly hostname: string;
  readonly tmos: string;
  /** URL of its management interface. */
  readonly url: string;
}

/** What the page is made of. */
export interface PageContext extends Sources {
  readonly gate: Gate;
  readonly log: RequestLog;
  readonly faults: Faults;
  /** No password is asked for. */
  readonly openPage: boolean;
  /** All devices of this process. */
  readonly devices: () => readonly DeviceEntry[];
  /** Whether the configuration is kept on disk. */
  readonly kept: boolean;
}

/** Rows of each table, and requests of the log, at most. */
const most = 100;
/** Seconds between two loads of a page that reloads itself. */
const refreshSeconds = 5;

/** The version in package.json, three folders up both from the sources and from what is compiled. */
const version = (
  JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')) as { readonly version: string }
).version;

const headers = {
  'Content-Type': 'text/html; charset=utf-8',
  'Content-Security-Policy': `default-src 'none'; style-src ${styleHash}; img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`,
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cache-Control': 'no-store',
};

/** Without space around it, which would change its hash. */
const sheet = new Html(`<style>${style}</style>`);

/** Administrators by Basic credentials, as a browser asks for them; everyone when the page is open. */
function admit(request: Request, { gate, openPage }: PageContext): void {
  if (openPage) {
    return;
  }
  // Without credentials restjavad's 401 asks for none; Apache's makes a browser ask.
  if (header(request, 'authorization') === undefined) {
    throw basicAuthRequired();
  }
  const { name, role } = authenticate(request, gate);
  if (role !== 'admin') {
    throw restjavadError(403, `user ${name} is not an administrator`);
  }
}

function tile(target: string, figure: string, words: string): Html {
  return markup`<li>
    <a href="#${target}"><b>${figure}</b><span class="soft">${words}</span></a>
  </li>`;
}

function tiles(context: PageContext, virtuals: number): Html {
  const { total, up, down } = memberCounts(context);
  const figure = (value: number): string => value.toLocaleString('en-US');
  const faults = context.faults.list().length;
  return markup`<ul class="tiles">
    ${[
      tile('virtual-servers', figure(virtuals), virtuals === 1 ? 'virtual server' : 'virtual servers'),
      tile('pools', `${figure(up)} of ${figure(total)}`, 'members available'),
      tile('pools', figure(down), down === 1 ? 'member offline' : 'members offline'),
      tile('requests', figure(context.log.total), 'requests'),
      tile('faults', figure(faults), faults === 1 ? 'fault on' : 'faults on'),
    ]}
  </ul>`;
}

function failoverPill(context: PageContext): Html {
  const state = failoverState(context.device);
  return state === 'active' ? pill('good', '●', 'ACTIVE') : pill('off', '■', state.toUpperCase());
}

function deviceSection({ device, devices }: PageContext): Html {
  const all = devices();
  const row = ({ hostname, tmos, url }: DeviceEntry): Html => {
    const own = hostname === device.hostname ? 'this one' : '';
    const link = markup`<td class="mono"><a href="${url}/">${url}</a></td>`;
    return body(
      markup`<tr>
        ${nameCell(hostname, own)}${monoCell(tmos)}${link}
      </tr>`,
    );
  };
  return table({
    id: 'devices',
    caption: 'Devices in this process',
    note: String(all.length),
    columns: ['Hostname', 'TMOS', 'Management address'],
    bodies: all.map(row),
    empty: 'None.',
  });
}

function topOf(context: PageContext, search: string, refreshing: boolean): Html {
  const { hostname, version: tmos } = context.device;
  const query = search === '' ? '' : `q=${encodeURIComponent(search)}`;
  const refresh = refreshing
    ? markup`Reloads every ${refreshSeconds} s. <a href="/?${query}">Stop</a>`
    : markup`<a href="/?${query === '' ? '' : `${query}&`}refresh=on">Reload every ${refreshSeconds} s</a>`;
  return markup`<a class="skip" href="#main">Skip to the tables</a>
    <header>
      <div class="head">
        <div>
          <h1>${hostname}</h1>
          <p class="soft">
            BIG-IP ${tmos.full} (build ${tmos.build}), emulated by Fairlead ${version} ${failoverPill(context)}
          </p>
        </div>
        <form action="/" method="get" role="search">
          <label for="q">Search</label>
          <input id="q" name="q" type="search" value="${search}" placeholder="name or address" />
          ${refreshing ? markup`<input type="hidden" name="refresh" value="on" />` : undefined}
          <button type="submit">Show</button>
          <span class="soft">${refresh}</span>
        </form>
      </div>
    </header>`;
}

function document(context: PageContext, query: URLSearchParams): string {
  const { log, faults } = context;
  const search = (query.get('q') ?? '').trim().slice(0, 200);
  const refreshing = query.get('refresh') === 'on';
  const asked: Asked = { search: search.toLowerCase(), limit: most };
  const virtuals = virtualRows(context, asked);
  const wideIps = wideIpRows(context, asked);
  const fits = (text: string): boolean => text.toLowerCase().includes(asked.search);
  const entries = log.entries().filter(({ path, query: text }) => fits(`${path}?${text}`));
  const reload = refreshing ? markup`<meta http-equiv="refresh" content="${refreshSeconds}" />` : undefined;
  const keeping = context.kept ? 'The configuration is kept on disk.' : 'The configuration is kept in memory only.';
  return markup`<!DOCTYPE html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        ${reload}
        <title>${context.device.hostname} – emulated BIG-IP</title>
        <link rel="icon" href="data:," />
        ${sheet}
      </head>
      <body>
        ${topOf(context, search, refreshing)}
        <main id="main">
          ${tiles(context, virtuals.total)}
          ${virtualSection(virtuals)}${poolSection(poolRows(context, asked))}${wideIps === undefined ? undefined : wideIpSection(wideIps)}${faultSection(faults.list())}${logSection(entries.slice(-most).toReversed(), log.total)}${deviceSection(context)}
        </main>
        <footer class="soft">
          ${keeping} No device has this page: <code>docs/emulator.md</code> says what is faithful and what is not.
        </footer>
      </body>
    </html> `.text;
}

/** `GET /`: what the emulator is doing, for people. No device has this page; its configuration utility is not emulated. */
export function page(request: Request, context: PageContext): Reply {
  admit(request, context);
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    throw restjavadError(405, `Method ${request.method} is not allowed on /`);
  }
  return { status: 200, body: document(context, new URLSearchParams(request.query)), headers };
}
