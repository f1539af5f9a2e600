import { ServerField } from '../components/server-field.tsx';
import { CopyButton, ShareButtons } from '../components/share-buttons.tsx';
import { SupporterPage } from '../components/supporter-page.tsx';
import { renderDocument } from '../document.tsx';
import { direction, type Translate, translator } from '../i18n.ts';
import { qrSvg } from '../qr.ts';
import type { SharePageView } from '../views/share.ts';

interface PartProps {
  view: SharePageView;
  t: Translate;
}

/** Everything for passing a campaign on: link, networks, QR code, the widget, the picture. */
export function sharePage(view: SharePageView): string {
  const t = translator(view.locale);
  return renderDocument(
    <SupporterPage
      frame={view}
      title={`${t('share.title')} · ${view.title}`}
      scripts={['share.js']}
      mainClass="share-page"
    >
      <header class="share-head">
        <h1 class="poster poster-medium">{t('share.title')}</h1>
        <p class="byline" lang={view.textLocale} dir={direction(view.textLocale)}>
          <a href={view.campaignHref}>{view.title}</a>
        </p>
        <p class="lede">{t('share.lede')}</p>
      </header>
      <section aria-labelledby="link">
        <h2 id="link" class="rubric">
          {t('share.link')}
        </h2>
        <ShareButtons share={view.share} locale={view.locale} />
        <Server {...{ view, t }} />
      </section>
      <QrCode {...{ view, t }} />
      <Embed {...{ view, t }} />
      <Card {...{ view, t }} />
    </SupporterPage>,
  );
}

/** A network of many servers: its button leads here, and once the server is named, to its composer. */
function Server({ view, t }: PartProps) {
  const { label: platform, value, wrong } = view.server;
  return (
    <form class="way-server" id="server" method="get" action={`${view.action}#server`}>
      <input type="hidden" name="lang" value={view.lang} />
      <p>{t('share.mastodon', { platform })}</p>
      <ServerField id="share-server" {...{ platform, value, wrong, t }} />
    </form>
  );
}

function QrCode({ view, t }: PartProps) {
  const link = view.share.link.replace(/^https?:\/\//, '');
  const svg = qrSvg(view.share.link, t('share.qr_label', { link }));
  return (
    <section class="share-qr" aria-labelledby="qr">
      <h2 id="qr" class="rubric">
        {t('share.qr')}
      </h2>
      {/* Our own drawing, in which everything is escaped. */}
      <div dangerouslySetInnerHTML={{ __html: svg }} />
      <p>{t('share.qr_text')}</p>
      <p>
        <a class="button button-quiet" href={view.qrHref} download="qr.svg">
          {t('share.qr_button')}
        </a>
      </p>
    </section>
  );
}

function Embed({ view, t }: PartProps) {
  const { code, href, title, height } = view.widget;
  return (
    <section class="share-embed" aria-labelledby="embed">
      <h2 id="embed" class="rubric">
        {t('share.embed')}
      </h2>
      <p>{t('share.embed_text')}</p>
      <figure data-copy-from>
        <figcaption class="unseen">{t('share.embed_label')}</figcaption>
        <pre dir="ltr" data-copy-text>
          <code>{code}</code>
        </pre>
        <CopyButton label={t('share.embed_copy')} text={code} t={t} />
      </figure>
      <p>{t('share.embed_preview')}</p>
      <iframe {...{ src: href, title, height }} lang={view.textLocale} loading="lazy" />
    </section>
  );
}

function Card({ view, t }: PartProps) {
  const { href, alt, width, height } = view.card;
  return (
    <section class="share-card" aria-labelledby="card">
      <h2 id="card" class="rubric">
        {t('share.card')}
      </h2>
      <img src={href} alt={alt} width={width} height={height} loading="lazy" />
      <p>{t('share.card_text')}</p>
      <p>
        <a class="button button-quiet" href={href} download="card.png">
          {t('share.card_button')}
        </a>
      </p>
    </section>
  );
}
