import { OperatorPage } from '../components/operator-page.tsx';
import { renderDocument } from '../document.tsx';
import type { OperatorPlatform, OperatorPlatformsView } from '../views/operator.ts';

/** Every platform: what its rules say of posts like ours, who accepted them, and the form to do so. */
export function operatorPlatformsPage(view: OperatorPlatformsView): string {
  return renderDocument(
    <OperatorPage
      title="Platforms · Tocsin"
      signOutAction={view.signOutAction}
      mainClass="ops-home ops-platforms"
    >
      <h1>Platforms</h1>
      {view.problem ? (
        <p class="lede" role="alert">
          {view.problem}
        </p>
      ) : null}
      <p class="lede">
        A real platform is offered to supporters once somebody here has read what its rules say of
        posts like these, and accepts them. To hold back what has been promised already, pause the
        platform under <a href="/ops#stop">Campaigns</a>.
      </p>
      <ul class="bills">
        {view.platforms.map((platform) => (
          <Platform platform={platform} />
        ))}
      </ul>
    </OperatorPage>,
  );
}

function Platform({ platform }: { platform: OperatorPlatform }) {
  const { name, label, rules } = platform;
  return (
    <li class="platform" data-platform={name} data-offered={String(platform.offered)}>
      <h2>{label}</h2>
      <p>{standing(platform)}</p>
      {rules ? (
        <div class="rules">
          <h3>What its rules say</h3>
          <ul>
            {rules.says.map((sentence) => (
              <li>{sentence}</li>
            ))}
          </ul>
          <p class="rules-source">
            Read on <time datetime={rules.asOf}>{rules.asOf}</time> at{' '}
            <a href={rules.source} rel="noopener noreferrer">
              {rules.source}
            </a>
          </p>
        </div>
      ) : null}
      <Accept platform={platform} />
      <Withdraw platform={platform} />
    </li>
  );
}

function standing({ connected, simulated, acceptance }: OperatorPlatform): string {
  if (!connected) return 'Not connected, so nobody can join with it.';
  if (simulated)
    return 'Connected, and simulated: there is nothing to accept. Supporters can join.';
  if (!acceptance) return 'Connected. Nobody has accepted its rules, so nobody can join with it.';
  const { who, at, lapsed } = acceptance;
  const accepted = `Accepted by ${who} on ${at.slice(0, 10)} at ${at.slice(11, 16)} UTC`;
  return lapsed
    ? `${accepted}, which has lapsed: its rules have been read anew since. Nobody can join with it.`
    : `Connected. ${accepted}. Supporters can join.`;
}

function Accept({ platform }: { platform: OperatorPlatform }) {
  const { name, label, rules, acceptAction } = platform;
  if (acceptAction === null || rules === null) return null;
  const id = `accept-${name}`;
  return (
    <form class="platform-form" method="post" action={acceptAction}>
      <input type="hidden" name="as_of" value={rules.asOf} />
      <p class="field">
        <label for={id}>
          You have read this, and accept it for this instance: type <code>{name}</code>
        </label>
        <input
          id={id}
          name="confirm"
          required
          autocomplete="off"
          autocapitalize="none"
          spellcheck={false}
        />
      </p>
      <button class="button" type="submit">
        Accept<span class="unseen"> the rules of {label}</span>
      </button>
    </form>
  );
}

function Withdraw({ platform }: { platform: OperatorPlatform }) {
  if (platform.withdrawAction === null) return null;
  return (
    <form class="platform-form" method="post" action={platform.withdrawAction}>
      <button class="button button-quiet" type="submit">
        Withdraw<span class="unseen"> the acceptance of {platform.label}</span>
      </button>
    </form>
  );
}
