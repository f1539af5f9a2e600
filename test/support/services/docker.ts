import { setTimeout as sleep } from 'node:timers/promises';
import { run } from './programs.ts';
import type { Running } from './service.ts';

/** A container to run: its image, its inner port, and how to know that it serves. */
export interface ContainerOptions {
  image: string;
  port: number;
  env?: Record<string, string>;
  args?: string[];
  url: (port: number) => string;
  answers: (url: string) => Promise<unknown>;
}

/** True when a Docker engine answers; a client alone is not enough. */
export async function hasDocker(): Promise<boolean> {
  const info = await run('docker', ['info'], { timeoutMs: 5000 });
  return info.code === 0;
}

/** Starts a container whose port is published on 127.0.0.1 alone, and waits until it answers (at most a minute). */
export async function startContainer(options: ContainerOptions): Promise<Running> {
  const env = Object.entries(options.env ?? {}).flatMap(([name, value]) => [
    '-e',
    `${name}=${value}`,
  ]);
  const publish = ['-p', `127.0.0.1::${options.port}`];
  const started = await run('docker', [
    ...['run', '-d', '--rm', '--label', 'tocsin-test'],
    ...publish,
    ...env,
    options.image,
    ...(options.args ?? []),
  ]);
  if (started.code !== 0) throw new Error(`docker run ${options.image}: ${started.output.trim()}`);
  const id = started.output.trim().split('\n').at(-1) ?? '';
  const stop = async () => {
    await run('docker', ['rm', '-f', '-v', id]);
  };
  try {
    const mapped = await run('docker', ['port', id, String(options.port)]);
    const port = Number(/:(\d+)\s*$/m.exec(mapped.output)?.[1]);
    const url = options.url(port);
    await untilAnswers(() => options.answers(url));
    return { url, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function untilAnswers(answers: () => Promise<unknown>): Promise<void> {
  const deadline = performance.now() + 60_000;
  for (;;) {
    const error = await answers().then(
      () => null,
      (reason: unknown) => reason,
    );
    if (error === null) return;
    if (performance.now() > deadline) throw error;
    await sleep(100);
  }
}
