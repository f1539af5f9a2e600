/** One event of a stream. */
export interface StreamEvent {
  event: string;
  data: string;
  /** '' where it has none. */
  id: string;
}

/** An open stream of events. */
export interface Events {
  status: number;
  headers: Headers;
  /** Those that have come, the first first. */
  readonly seen: readonly StreamEvent[];
  /** True once the other side has ended it. */
  readonly ended: boolean;
  close(): void;
}

/** Opens a stream as a browser's EventSource does. */
export async function openEvents(url: string, cookie: string): Promise<Events> {
  const leaving = new AbortController();
  const response = await fetch(url, {
    headers: { accept: 'text/event-stream', ...(cookie === '' ? {} : { cookie }) },
    signal: leaving.signal,
  });
  const seen: StreamEvent[] = [];
  let ended = false;
  const read = async (): Promise<void> => {
    let rest = '';
    const text = response.body?.pipeThrough(new TextDecoderStream());
    for await (const chunk of text ?? []) {
      const blocks = (rest + chunk).split('\n\n');
      rest = blocks.pop() ?? '';
      seen.push(...blocks.flatMap((block) => parse(block) ?? []));
    }
  };
  // However it ends, cut off or in order, it has ended.
  read()
    .catch(() => undefined)
    .finally(() => {
      ended = true;
    });
  return {
    status: response.status,
    headers: response.headers,
    seen,
    get ended() {
      return ended;
    },
    close: () => leaving.abort(),
  };
}

/** Null for what is no event: a heartbeat. */
function parse(block: string): StreamEvent | null {
  const lines = block.split('\n');
  const values = (name: string): string[] =>
    lines.flatMap((line) => (line.startsWith(`${name}: `) ? [line.slice(name.length + 2)] : []));
  const [event] = values('event');
  const [id = ''] = values('id');
  return event === undefined ? null : { event, data: values('data').join('\n'), id };
}
