import type { MomentDoubtView } from '../views/health.ts';

/** What is in doubt about a moment, and the forms that decide. Each works without scripts. */
export function MomentDoubt({ doubt }: { doubt: MomentDoubtView }) {
  return (
    <section class="moment-doubt" id="moment" aria-labelledby="moment-title">
      <h2 id="moment-title" class="rubric">
        The moment is in doubt
      </h2>
      <p class="alarm">{doubt.what}.</p>
      {doubt.cause === 'rules' ? (
        <p>
          Nothing of this campaign is sent until you decide. What people were told is the wall time;
          it stays as it is when you move the moment. Calendar files that they took before keep the
          old instant.
        </p>
      ) : (
        <p>
          Nothing of this campaign is sent until you decide. People agreed to the moment that they
          were told. Find out first who or what writes to the database besides Tocsin, and compare
          the moment with what the campaign’s author meant.
        </p>
      )}
      <div class="stop-buttons">
        {doubt.choices.map(({ instant, sources }) => (
          <form method="post" action={doubt.action}>
            <input type="hidden" name="decision" value="move" />
            <input type="hidden" name="to" value={instant} />
            <button class="button" type="submit">
              Move it to {clock(instant)}, by {sources.join(' and ')}
            </button>
          </form>
        ))}
        <form method="post" action={doubt.action}>
          <input type="hidden" name="decision" value="keep" />
          <button class="button button-quiet" type="submit">
            Keep {clock(doubt.instant)}
          </button>
        </form>
      </div>
    </section>
  );
}

/** 2026-12-10 11:00 UTC. */
function clock(instant: string): string {
  return `${instant.slice(0, 10)} ${instant.slice(11, instant.slice(17, 19) === '00' ? 16 : 19)} UTC`;
}
