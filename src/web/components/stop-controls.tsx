import type { StopView } from '../views/health.ts';

/** Pause, resume and abort: plain forms that work without scripts. An abort asks for the name. */
export function StopControls({ stops }: { stops: readonly StopView[] }) {
  return (
    <section class="stops" id="stop" aria-labelledby="stop-title">
      <h2 id="stop-title" class="rubric">
        Stop, and go on
      </h2>
      {stops.map((stop) => (
        <div class="stop" data-stop={stop.confirm}>
          <h3>{heading(stop)}</h3>
          <div class="stop-buttons">
            <Press action={stop.pauseAction} word="Pause" stop={stop} />
            <Press action={stop.resumeAction} word="Resume" stop={stop} />
          </div>
          <Abort stop={stop} />
        </div>
      ))}
    </section>
  );
}

function heading({ label }: StopView): string {
  return label.charAt(0).toUpperCase() + label.slice(1);
}

function Press(props: { action: string | null; word: 'Pause' | 'Resume'; stop: StopView }) {
  if (props.action === null) return null;
  const weight = props.word === 'Pause' ? 'button' : 'button button-quiet';
  return (
    <form method="post" action={props.action}>
      <button class={weight} type="submit">
        {props.word}
        <span class="unseen"> {props.stop.label}</span>
      </button>
    </form>
  );
}

function Abort({ stop }: { stop: StopView }) {
  const id = `abort-${stop.confirm}`;
  return (
    <details class="abort" id={id}>
      <summary>
        Abort<span class="unseen"> {stop.label}</span>…
      </summary>
      <form method="post" action={stop.abortAction}>
        <p id={`${id}-text`}>
          What has not been sent is never sent, and the supporters are told. What is just being sent
          may still go out. This cannot be taken back.
        </p>
        <p class="field">
          <label for={`${id}-reason`}>Why; it stays in the ledger</label>
          <input id={`${id}-reason`} name="reason" maxLength={200} autocomplete="off" />
        </p>
        <p class="field">
          <label for={`${id}-confirm`}>
            Type <code>{stop.confirm}</code> to go on
          </label>
          <input
            id={`${id}-confirm`}
            name="confirm"
            required
            autocomplete="off"
            autocapitalize="none"
            spellcheck={false}
          />
        </p>
        <button class="button" type="submit" aria-describedby={`${id}-text`}>
          Abort<span class="unseen"> {stop.label}</span>
        </button>
      </form>
    </details>
  );
}
