import { figureLine } from '../brief.ts';
import { FollowLines, followAttributes, refreshOf } from '../components/follow.tsx';
import { NAME, NameWithin } from '../components/name-within.tsx';
import { Document, renderDocument } from '../document.tsx';
import { momentWords, sentence, withComma } from '../format.ts';
import { direction, interfaceLocale, translator } from '../i18n.ts';
import type { WidgetView } from '../views/share.ts';

/** A campaign embedded in another site's page: what, when, how many, and the button. It stands in a frame of their size. */
export function widgetPage(view: WidgetView): string {
  const t = translator(view.locale);
  const { date, time, zone } = momentWords(view.locale, view.moment);
  const figure = figureLine(view, t);
  return renderDocument(
    <Document
      locale={interfaceLocale(view.locale)}
      title={view.title}
      titleLocale={view.textLocale}
      theme={view.theme === 'auto' ? undefined : view.theme}
      stylesheets={['tocsin.css', 'widget.css']}
      scripts={[...(view.follow ? (['follow.js'] as const) : []), 'widget.js']}
      refresh={refreshOf(view.follow)}
      bodyClass="widget"
    >
      {view.follow ? <FollowLines t={t} /> : null}
      <main data-state={view.state} {...followAttributes(view.follow)}>
        <p class="widget-by">
          <NameWithin text={t('campaign.by', { organiser: NAME })} name={view.organiser} />
        </p>
        <h1 lang={view.textLocale} dir={direction(view.textLocale)}>
          {view.title}
        </h1>
        <p class="widget-when">
          <time datetime={view.moment.instant}>
            <span class="widget-clock">{time}</span>{' '}
            <span>{withComma(view.locale, sentence(date), zone)}</span>
          </time>
        </p>
        <p class="widget-figure" data-part="figure" data-headline hidden={figure === null}>
          {figure}
        </p>
        <p data-part="button">
          {/* The page around the widget stays where it is. */}
          <a class="button" href={view.href} target="_blank" rel="noopener noreferrer">
            {view.state === 'open' ? t('campaign.join') : t('widget.see')}
            <span class="unseen"> ({t('widget.window')})</span>
          </a>
        </p>
      </main>
    </Document>,
  );
}
