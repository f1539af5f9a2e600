import { type Translate, translator } from '../i18n.ts';
import type { ShareView, ShareWayView } from '../views/share.ts';

interface ShareButtonsProps {
  share: ShareView;
  locale: string;
}

/**
 * The link, and a button for each network: links and nothing else, so no network learns who has seen them. The button that
 * copies needs share.js on the page, and is not there without.
 */
export function ShareButtons({ share, locale }: ShareButtonsProps) {
  const t = translator(locale);
  return (
    <div class="share">
      <p class="share-link" data-copy-from>
        <bdi data-copy-text>{share.link.replace(/^https?:\/\//, '')}</bdi>
        <CopyButton label={t('share.copy')} text={share.link} t={t} />
      </p>
      <ul class="share-ways">
        {share.ways.map((way) => (
          <li>
            <Way way={way} t={t} />
          </li>
        ))}
        <li>
          <a class="button button-quiet" href={share.mailHref}>
            {t('share.mail')}
          </a>
        </li>
      </ul>
    </div>
  );
}

function Way({ way, t }: { way: ShareWayView; t: Translate }) {
  // What is not yet the network's own page stays in this window.
  const away = way.href.startsWith('https:')
    ? { target: '_blank', rel: 'noopener noreferrer' }
    : {};
  return (
    <a
      class="button button-quiet"
      href={way.href}
      data-way={way.name}
      aria-label={t('share.on', { platform: way.label })}
      {...away}
    >
      {way.label}
    </a>
  );
}

/** Copies `text`; where the clipboard is out of reach, what stands beside it is marked. */
export function CopyButton({ label, text, t }: { label: string; text: string; t: Translate }) {
  return (
    <button
      class="button button-quiet"
      type="button"
      data-copy-share={text}
      data-copied={t('share.copied')}
      hidden
    >
      {label}
    </button>
  );
}
