import { buildConnector } from 'undici';

/** What a connection by TLS is made with, in PEM. */
export interface TlsFiles {
  /** Left out: the authorities that Node trusts. */
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  /** False: any certificate will do. */
  readonly rejectUnauthorized?: boolean;
}

/** Asked at each connect, so that renewed files are seen. Rejects with an error that names the file. */
export type ReadTls = () => Promise<TlsFiles>;

/** How connections are made, for an Agent of undici. A file that cannot be read fails the connection alone. */
export function connectorWith(
  readTls: ReadTls | undefined,
  options: buildConnector.BuildOptions,
): buildConnector.connector {
  return (to, callback) => {
    const connect = async (): Promise<void> => {
      try {
        const files = (await readTls?.()) ?? {};
        buildConnector({ ...options, ...files, allowH2: false })(to, callback);
      } catch (error) {
        callback(error instanceof Error ? error : new Error(String(error)), null);
      }
    };
    void connect();
  };
}
