// A process of its own, so that what goes through is not delayed by what the harness does.
import { connect, createServer, type Socket } from 'node:net';

/** What is asked of a link: `cut` resets what is open and what comes; `silent` lets nothing through; `open` is as if it were not there. */
export type LinkState = 'open' | 'cut' | 'silent';
export interface LinkOrder {
  link: string;
  state: LinkState;
}

const links = new Map<string, (state: LinkState) => void>();

/** Forwards a free port to host:port until told otherwise. Settles with the port. */
function openLink(
  host: string,
  port: number,
): Promise<{ port: number; turn(to: LinkState): void }> {
  let state: LinkState = 'open';
  const pairs = new Set<[Socket, Socket]>();
  const flow = ([a, b]: [Socket, Socket]): void => {
    for (const [from, to] of [
      [a, b],
      [b, a],
    ] as const) {
      if (state === 'open') from.pipe(to);
      else from.unpipe(to).pause();
    }
  };
  const server = createServer({ noDelay: true }, (near) => {
    near.on('error', () => undefined);
    if (state === 'cut') return void near.resetAndDestroy();
    const far = connect({ host, port, noDelay: true });
    const pair: [Socket, Socket] = [near, far];
    pairs.add(pair);
    far.on('error', () => near.resetAndDestroy());
    far.on('close', () => near.destroy());
    near.on('close', () => {
      far.destroy();
      pairs.delete(pair);
    });
    flow(pair);
  });
  const turn = (to: LinkState): void => {
    state = to;
    for (const pair of pairs) {
      if (to === 'cut') pair[0].resetAndDestroy();
      else flow(pair);
    }
  };
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve({ port: typeof address === 'object' && address ? address.port : 0, turn });
    });
  });
}

const ports: Record<string, number> = {};
for (const target of process.argv.slice(2)) {
  const [name = '', host = '', port = ''] = target.split('=').flatMap((part) => part.split(':'));
  const link = await openLink(host, Number(port));
  links.set(name, link.turn);
  ports[name] = link.port;
}
process.on('message', ({ link, state }: LinkOrder) => links.get(link)?.(state));
process.on('disconnect', () => process.exit(0));
process.send?.(ports);
