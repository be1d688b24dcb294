// A form that counts, `data-once`: what a second press would send goes nowhere while the first is on its way.
const ON_ITS_WAY_MILLIS = 5_000;

const sent = new WeakMap<EventTarget, number>();

document.addEventListener('submit', (event) => {
  const form = event.target as HTMLFormElement;
  if (form.dataset.once === undefined) {
    return;
  }
  if (event.timeStamp - (sent.get(form) ?? Number.NEGATIVE_INFINITY) < ON_ITS_WAY_MILLIS) {
    event.preventDefault();
  } else {
    sent.set(form, event.timeStamp);
  }
});
