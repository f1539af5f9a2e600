// Preloaded into a worker with --import: its clock is `?shift=` milliseconds off, for everything that asks Node for the time.
const shift = Number(new URL(import.meta.url).searchParams.get('shift'));
const Real = Date;
const realNow = Real.now;
Real.now = () => realNow() + shift;
globalThis.Date = new Proxy(Real, {
  construct: (target, args, created) =>
    Reflect.construct(target, args.length === 0 ? [Real.now()] : args, created),
  apply: () => new Real(Real.now()).toString(),
});
Object.defineProperty(performance, 'timeOrigin', { value: performance.timeOrigin + shift });
