/** The mark: a bell, drawn with two strokes of a stencil. Says nothing to screen readers. */
export function Bell() {
  return (
    <svg class="bell" viewBox="0 0 24 24" width="24" height="24" aria-hidden="true">
      <path fill="currentColor" d="M12 1.5a7 7 0 0 0-7 7V14l-2.5 4h19L19 14V8.5a7 7 0 0 0-7-7z" />
      <circle fill="currentColor" cx="12" cy="21" r="2.2" />
    </svg>
  );
}
