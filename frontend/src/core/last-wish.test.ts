import { expect, test } from 'vitest';
import { LastWish, WishFailed } from './last-wish';

/** Answers when it is told to. */
function server() {
  const asked: boolean[] = [];
  const answers: (() => void)[] = [];
  const ask = (wish: boolean) =>
    new Promise<string>((resolve) => {
      asked.push(wish);
      answers.push(() => resolve(`is ${wish}`));
    });
  return { asked, answers, ask };
}

test('the last wish wins, and is asked for when the first is answered', async () => {
  const { asked, answers, ask } = server();
  const wishes = new LastWish<boolean>();
  const first = wishes.make('anna', true, ask);
  expect(await wishes.make('anna', false, ask)).toBeUndefined();
  expect(asked).toEqual([true]);
  answers[0]?.();
  await expect.poll(() => asked).toEqual([true, false]);
  answers[1]?.();
  expect(await first).toBe('is false');
});

test('whoever comes back to what is asked asks once, and channels wait for themselves alone', async () => {
  const { asked, answers, ask } = server();
  const wishes = new LastWish<boolean>();
  const first = wishes.make('anna', true, ask);
  await wishes.make('anna', false, ask);
  await wishes.make('anna', true, ask);
  const other = wishes.make('bert', false, ask);
  expect(asked).toEqual([true, false]);
  for (const answer of answers) {
    answer();
  }
  expect(await first).toBe('is true');
  expect(await other).toBe('is false');
});

test('what cannot be done is told, and the next wish is asked anew', async () => {
  const wishes = new LastWish<boolean>();
  await expect(wishes.make('anna', true, () => Promise.reject(new Error('away')))).rejects.toMatchObject({
    wish: true,
    cause: { message: 'away' },
  });
  expect(await wishes.make('anna', true, () => Promise.resolve('is true'))).toBe('is true');
});

test('what fails says what was wished for last', async () => {
  let fail = () => {};
  const wishes = new LastWish<boolean>();
  const first = wishes.make(
    'anna',
    true,
    () =>
      new Promise((_, reject) => {
        fail = () => reject(new Error('away'));
      }),
  );
  await wishes.make('anna', false, () => Promise.resolve('never asked'));
  fail();
  const failure = await first.catch((thrown: unknown) => thrown);
  expect(failure).toBeInstanceOf(WishFailed);
  expect(failure).toMatchObject({ wish: false });
});
